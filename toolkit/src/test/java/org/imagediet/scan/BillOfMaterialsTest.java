package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.scan.BillOfMaterials.DebianPackage;
import org.imagediet.scan.BillOfMaterials.Distribution;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BillOfMaterialsTest {

  static final String DEBIAN =
      """
      {"bomFormat": "CycloneDX", "specVersion": "1.5",
       "metadata": {"component": {"bom-ref": "root", "name": "image.tar"}},
       "components": [
        {"bom-ref": "os", "type": "operating-system", "name": "debian", "version": "13.8"},
        {"bom-ref": "a", "type": "library", "name": "bash", "version": "5.2-1",
         "purl": "pkg:deb/debian/bash@5.2-1?arch=amd64"},
        {"bom-ref": "b", "type": "library", "name": "login", "version": "4.16",
         "purl": "pkg:deb/debian/login@4.16?arch=amd64&epoch=1"}],
       "dependencies": [{"ref": "root", "dependsOn": ["os"]}]}
      """;

  static final String NOTHING = "{\"bomFormat\": \"CycloneDX\", \"components\": []}";

  private static BillOfMaterials parse(String json) {
    return BillOfMaterials.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("tells the distribution, its packages with their epochs, and how many there are")
  void reads() {
    BillOfMaterials bill = parse(DEBIAN);
    assertThat(bill.distribution()).contains(new Distribution("debian", "13.8"));
    assertThat(bill.distribution().orElseThrow().major()).isEqualTo("13");
    assertThat(bill.debianPackages())
        .containsExactly(new DebianPackage("bash", "5.2-1"), new DebianPackage("login", "1:4.16"));
    assertThat(bill.components()).isEqualTo(2);
    assertThat(parse(NOTHING).components()).isZero();
    assertThat(parse(NOTHING).distribution()).isEmpty();
  }

  @Test
  @DisplayName("takes in the standard library of Go programs, each version once")
  void standardLibraries() throws IOException {
    BillOfMaterials bill = parse(DEBIAN);
    assertThat(bill.listsStandardLibrary("1.24.4")).isFalse();
    bill.addStandardLibraries(Map.of("/app", "1.24.4", "/bin/x", "1.24.4", "/bin/y", "1.22.1"));
    assertThat(bill.listsStandardLibrary("1.24.4")).isTrue();
    assertThat(bill.listsStandardLibrary("1.24.5")).isFalse();
    assertThat(bill.components()).isEqualTo(4);
    bill.name("my/app:1");
    JsonNode json = new ObjectMapper().readTree(bill.json());
    assertThat(json.findValuesAsText("bom-ref")).doesNotHaveDuplicates();
    assertThat(json.path("metadata").path("component").path("name").asText()).isEqualTo("my/app:1");
    JsonNode root = json.path("dependencies").path(0).path("dependsOn");
    assertThat(root.toString()).contains("os", "program:/app", "program:/bin/x", "program:/bin/y");
    assertThat(json.path("dependencies").toString())
        .contains("{\"ref\":\"program:/app\",\"dependsOn\":[\"pkg:golang/stdlib@1.24.4\"]}");
  }

  @ParameterizedTest
  @DisplayName("takes nothing else for a bill of materials, and says so in one sentence")
  @ValueSource(
      strings = {"", "{\"bomFormat\": \"CycloneDX\", \"comp", "[]", "{}", "null", "no JSON", "1"})
  void others(String json) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("The scanner's bill of materials ");
  }

  @Test
  @DisplayName("bears fields of other kinds than expected")
  void oddFields() {
    BillOfMaterials bill =
        parse("{\"bomFormat\":\"CycloneDX\",\"components\":[1,{\"purl\":[]},{\"type\":{}},null]}");
    assertThat(bill.components()).isZero();
    assertThat(bill.debianPackages()).isEmpty();
  }
}
