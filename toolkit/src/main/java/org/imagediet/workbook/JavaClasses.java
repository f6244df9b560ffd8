package org.imagediet.workbook;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.imagediet.engine.EnvironmentException;

/**
 * Compiles the Java service in a build context, as {@code mvn package} does on a developer's
 * machine: Jib has no build stage, it takes what is compiled already.
 */
public final class JavaClasses {

  private JavaClasses() {}

  /**
   * Compiles {@code src/main/java} to {@code target/classes}.
   *
   * @throws EnvironmentException when this Java is no development kit, or the pristine service does
   *     not compile
   */
  public static void compile(Path context) {
    compile(List.of(context.resolve("src/main/java")), context.resolve("target/classes"));
  }

  /**
   * Compiles all of some source folders to one folder.
   *
   * @throws EnvironmentException when this Java is no development kit, or they do not compile
   */
  public static void compile(List<Path> sources, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new EnvironmentException(
          "This Java has no compiler; set JAVA_HOME to a JDK 17 or newer, not to a JRE.");
    }
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Files.createDirectories(classes);
      List<Path> java = new ArrayList<>();
      for (Path folder : sources) {
        try (Stream<Path> tree = Files.walk(folder)) {
          tree.filter(path -> path.toString().endsWith(".java")).sorted().forEach(java::add);
        }
      }
      StringWriter messages = new StringWriter();
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("--release", "17", "-d", classes.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(java))
              .call();
      if (!compiled) {
        throw new EnvironmentException(
            "The service in services/java does not compile; is it changed? " + messages);
      }
    } catch (IOException e) {
      throw new EnvironmentException("The service cannot be compiled: " + e.getMessage() + ".", e);
    }
  }
}
