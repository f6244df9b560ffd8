package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OnceTest {

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  @DisplayName("is found out when it is first asked for, and not again")
  void once() {
    Once<Integer> once = Once.of(asked::incrementAndGet);

    assertThat(once.known()).isEmpty();
    assertThat(asked).hasValue(0);
    assertThat(once.get()).isEqualTo(1);
    assertThat(once.get()).isEqualTo(1);
    assertThat(once.known()).contains(1);
  }

  @Test
  @DisplayName("remembers that it could not be found out")
  void failure() {
    Once<String> once =
        Once.of(
            () -> {
              throw new IllegalStateException("attempt " + asked.incrementAndGet());
            });

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(once::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("attempt 1");
    }
    assertThat(once.known()).isEmpty();
  }

  @Test
  @DisplayName("is found out once, however many ask at the same time")
  void concurrent() {
    Once<Integer> once = Once.of(asked::incrementAndGet);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(CompletableFuture.runAsync(() -> seen.add(once.get())));
    }
    all.forEach(CompletableFuture::join);

    assertThat(seen.stream().collect(Collectors.toList())).containsExactly(1);
  }
}
