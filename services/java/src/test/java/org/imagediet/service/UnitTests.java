package org.imagediet.service;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs every class named {@code *Test} beside this one: each of its methods without parameters is a
 * test, and fails by throwing. It stands in for JUnit, so that an image can be built and tested with
 * a JDK and nothing else. Without any test it fails, since then something was not copied.
 */
public final class UnitTests {

  private UnitTests() {}

  public static void main(String[] arguments) throws IOException, URISyntaxException {
    Path classes =
        Path.of(UnitTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names;
    try (Stream<Path> files = Files.walk(classes)) {
      names =
          files
              .map(file -> classes.relativize(file).toString())
              .filter(file -> file.endsWith("Test.class"))
              .map(file -> file.substring(0, file.length() - 6).replace('/', '.'))
              .sorted()
              .toList();
    }
    int passed = 0;
    int failed = 0;
    for (String name : names) {
      for (Method test : methods(name)) {
        try {
          var constructor = test.getDeclaringClass().getDeclaredConstructor();
          constructor.setAccessible(true);
          test.setAccessible(true);
          test.invoke(constructor.newInstance());
          passed++;
        } catch (InvocationTargetException e) {
          failed++;
          System.out.println("FAILED " + name + "." + test.getName() + ": " + e.getCause());
        } catch (ReflectiveOperationException e) {
          failed++;
          System.out.println("FAILED " + name + "." + test.getName() + ": " + e);
        }
      }
    }
    System.out.println(passed + " passed, " + failed + " failed");
    System.exit(failed == 0 && passed > 0 ? 0 : 1);
  }

  private static List<Method> methods(String className) {
    try {
      return Stream.of(Class.forName(className).getDeclaredMethods())
          .filter(method -> method.getParameterCount() == 0)
          .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
          .filter(method -> !Modifier.isPrivate(method.getModifiers()))
          .toList();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  static void same(Object expected, Object actual) {
    if (!String.valueOf(expected).equals(String.valueOf(actual))) {
      throw new AssertionError("expected " + expected + " and got " + actual);
    }
  }
}
