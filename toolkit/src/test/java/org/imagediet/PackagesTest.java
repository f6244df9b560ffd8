package org.imagediet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PackagesTest {

  private static final JavaClasses TOOLKIT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.imagediet");

  @Test
  @DisplayName("no package needs itself by way of another")
  void noCycles() {
    slices().matching("org.imagediet.(*)..").should().beFreeOfCycles().check(TOOLKIT);
  }

  @Test
  @DisplayName("what an image is does not depend on where it comes from")
  void imageDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage("org.imagediet.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.nio.file..",
            "java.net..",
            "java.nio.channels..",
            "org.imagediet.archive..",
            "org.imagediet.engine..",
            "org.imagediet.report..")
        .check(TOOLKIT);
  }

  @Test
  @DisplayName("the probe's program runs on the JDK alone")
  void probeNeedsOnlyTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("org.imagediet.probe.inside..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("org.imagediet.probe.inside..", "java..", "javax..")
        .check(TOOLKIT);
  }
}
