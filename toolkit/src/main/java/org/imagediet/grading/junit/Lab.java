package org.imagediet.grading.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes a class the tests of one lab: it runs once for each track asked for, its {@link Check}s in
 * the order of {@code rubric.yaml} beside it, and ends with a table and a {@code grade.json}.
 *
 * <p>Maven ends with 1 whoever is at fault. {@code grade.json} tells: a check with the outcome
 * {@code ENV_ERROR} was not judged, and without {@code "complete": true} the run broke off; in
 * neither case is the score one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(LabExtension.class)
@TestMethodOrder(RubricOrder.class)
public @interface Lab {

  /** Returns the lab's folder name, such as {@code lab-02-distroless}. */
  String value();
}
