package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AdvisoriesTest {

  @Test
  @DisplayName("those that come with the toolkit are complete, each with its source")
  void standard() {
    Advisories advisories = Advisories.standard();
    assertThat(advisories.all()).hasSizeGreaterThan(20);
    assertThat(advisories.all()).extracting(Advisory::id).doesNotHaveDuplicates();
    assertThat(advisories.all())
        .allSatisfy(
            advisory -> {
              assertThat(advisory.id()).matches("CVE-\\d{4}-\\d{4,}");
              assertThat(advisory.source()).matches("GO-\\d{4}-\\d{4}|GHSA(-[0-9a-z]{4}){3}");
              assertThat(advisory.ecosystem()).isIn("go", "maven");
              assertThat(advisory.packageName()).isNotEmpty();
              assertThat(advisory.title()).isNotEmpty();
              assertThat(advisory.fixed()).isNotEmpty().hasSameSizeAs(advisory.affected());
              for (int i = 0; i < advisory.fixed().size(); i++) {
                assertThat(advisory.affected().get(i)).endsWith("<" + advisory.fixed().get(i));
              }
            });
  }
}
