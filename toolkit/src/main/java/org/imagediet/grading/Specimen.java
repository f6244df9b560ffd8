package org.imagediet.grading;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.imagediet.drill.Attack;
import org.imagediet.drill.Drill;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Once;
import org.imagediet.probe.Probe;
import org.imagediet.workbook.Track;

/**
 * One image under examination in one laboratory, beside its probe; what was found out of it in
 * another one is not found out again. It is there only while somebody's build of it is.
 */
final class Specimen {

  private final Laboratory laboratory;
  private final String id;
  private final Examined examined;
  private final Once<Observer> observer = Once.of(this::observe);
  private final Map<Track, Once<Map<Attack, Observation>>> drills = new ConcurrentHashMap<>();

  Specimen(Laboratory laboratory, String id, Examined examined) {
    this.laboratory = laboratory;
    this.id = id;
    this.examined = examined;
  }

  /** Returns what is known of its files. */
  Examined examined() {
    return examined;
  }

  /** Returns who runs it and looks on. */
  Observer observer() {
    return observer.get();
  }

  /**
   * Returns what each attack of the drill came to.
   *
   * @throws org.imagediet.probe.NoAnswerException when the drill build does not answer in it
   */
  Map<Attack, Observation> drill(Track track) {
    return drills.computeIfAbsent(track, t -> Once.of(() -> attack(t))).get();
  }

  private Observer observe() {
    return new Observer(laboratory.probe(), id, examined.image(), examined.seen());
  }

  private Map<Attack, Observation> attack(Track track) {
    Probe probe = laboratory.probe();
    return examined
        .drill(track)
        .get(
            () ->
                Drill.run(
                    probe,
                    id,
                    examined.image(),
                    laboratory.drillPrograms().of(track, examined.image())));
  }
}
