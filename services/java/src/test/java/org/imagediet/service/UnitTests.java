package org.imagediet.service;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs the unit tests where no test library can be had, as in a container build without a network.
 *
 * <p>Every class named {@code *Test} beside this one is a test class, in whatever package. Each of
 * its own methods that takes nothing and returns nothing, unless private, is a test. A test that
 * throws has failed; so has a class without a test, and a run without any.
 */
public final class UnitTests {

  private int passed;
  private int failed;

  private UnitTests() {}

  /** Exits 0 when all tests have passed, else 1. */
  public static void main(String[] args) throws IOException, URISyntaxException {
    UnitTests run = new UnitTests();
    Path root =
        Path.of(UnitTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    testClasses(root).forEach(run::runClass);
    System.out.println(run.passed + " passed, " + run.failed + " failed");
    System.out.flush();
    System.exit(run.failed == 0 && run.passed > 0 ? 0 : 1);
  }

  private static List<String> testClasses(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith("Test.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .map(name -> name.replace(root.getFileSystem().getSeparator(), "."))
          .sorted()
          .toList();
    }
  }

  private void runClass(String name) {
    try {
      Class<?> type = Class.forName(name);
      List<Method> tests =
          Arrays.stream(type.getDeclaredMethods())
              .filter(UnitTests::isTest)
              .sorted(Comparator.comparing(Method::getName))
              .toList();
      if (tests.isEmpty()) {
        throw new IllegalStateException("it has no test");
      }
      tests.forEach(test -> runMethod(type, test));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      fail(name, e);
    }
  }

  private static boolean isTest(Method method) {
    return method.getParameterCount() == 0
        && method.getReturnType() == void.class
        && !method.isSynthetic()
        && !Modifier.isPrivate(method.getModifiers());
  }

  private void runMethod(Class<?> type, Method test) {
    String name = type.getName() + "." + test.getName();
    try {
      // Each test has an instance of its own, so that no test can lean on another.
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      test.setAccessible(true);
      test.invoke(constructor.newInstance());
      passed++;
    } catch (InvocationTargetException e) {
      fail(name, e.getCause());
    } catch (ReflectiveOperationException | RuntimeException e) {
      fail(name, e);
    }
  }

  private void fail(String name, Throwable why) {
    failed++;
    System.out.println("FAILED " + name + ": " + why.toString().strip());
    Arrays.stream(why.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(name.replaceAll("\\.[^.]*$", "")))
        .forEach(frame -> System.out.println("    at " + frame));
  }
}
