package org.imagediet.grading.junit;

import java.util.Comparator;
import java.util.List;
import org.imagediet.grading.Rubric;
import org.junit.jupiter.api.MethodDescriptor;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;

/** Runs checks in the rubric's order, so that a root cause comes before what it blocks. */
final class RubricOrder implements MethodOrderer {

  @Override
  public void orderMethods(MethodOrdererContext context) {
    List<String> order = order(context.getTestClass());
    context.getMethodDescriptors().sort(Comparator.comparingInt(method -> position(method, order)));
  }

  private static List<String> order(Class<?> test) {
    try {
      return Rubric.beside(test).checks().stream().map(Rubric.Check::id).toList();
    } catch (IllegalArgumentException e) {
      // Each test says so by its name; thrown here it would be nobody's.
      return List.of();
    }
  }

  private static int position(MethodDescriptor method, List<String> order) {
    int position =
        method.findAnnotation(Check.class).map(check -> order.indexOf(check.value())).orElse(-1);
    return position < 0 ? order.size() : position;
  }
}
