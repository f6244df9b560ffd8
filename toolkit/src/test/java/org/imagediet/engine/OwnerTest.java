package org.imagediet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnerTest {

  @Test
  @DisplayName("reads back what it wrote")
  void roundTrip() {
    assertThat(Owner.parse(Owner.self().label())).contains(Owner.self());
  }

  @Test
  @DisplayName("takes a label that someone else made for none")
  void foreign() {
    assertThat(Owner.parse("compose")).isEmpty();
    assertThat(Owner.parse("a/b/c")).isEmpty();
  }

  @Test
  @DisplayName("knows that this process lives")
  void living() {
    assertThat(Owner.self().ended()).isFalse();
  }

  @Test
  @DisplayName("is not fooled by another process that got the same number")
  void reusedNumber() {
    Owner self = Owner.self();
    assertThat(new Owner(self.host(), self.process(), self.startedAtMillis() - 60_000).ended())
        .isTrue();
  }

  @Test
  @DisplayName("does not judge a process of another machine")
  void otherMachine() {
    assertThat(new Owner("elsewhere.invalid", 1, 1).ended()).isFalse();
  }
}
