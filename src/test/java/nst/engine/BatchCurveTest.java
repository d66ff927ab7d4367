package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import nst.engine.BatchCurve.Measured;
import nst.image.Size;
import nst.model.Hyperparameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chooses the number of images in a pass. */
class BatchCurveTest {
  private static final Size SIZE = new Size(48, 36);

  @ParameterizedTest
  @CsvSource({
    "'10', 1",
    "'10, 10', 1",
    "'10, 9.6', 1", // saves less than 5 per cent
    "'10, 9.4', 2",
    "'10, 9.4, 9.2', 2",
    "'10, 8, 5, 3', 8",
    "'10, 12', 1"
  })
  void takesTheFastestPassIfItSavesEnough(String times, int expected) {
    List<Measured> points = new ArrayList<>();
    for (String time : times.split(",")) {
      points.add(new Measured(1 << points.size(), Double.parseDouble(time.strip())));
    }
    assertThat(new BatchCurve(points, "").images()).isEqualTo(expected);
  }

  @Test
  void printsMillisecondsByImages() {
    List<Measured> points = List.of(new Measured(1, 0.026), new Measured(2, 0.02313));
    assertThat(new BatchCurve(points, "")).hasToString("1: 26.0, 2: 23.1");
    assertThat(new BatchCurve(points, "too little memory"))
        .hasToString("1: 26.0, 2: 23.1, 4: too little memory");
  }

  @Test
  void takesOneImageIfNoPassCanBeComputed() {
    BatchCurve none = new BatchCurve(List.of(), "too little memory");
    assertThat(none.images()).isEqualTo(1);
    assertThat(none).hasToString("1: too little memory");
  }

  @Test
  void measuresPassesUpToALimit() {
    Hyperparameters recipe = TestEngine.shallow("");
    BatchCurve curve = TestEngine.engine().batchCurve(recipe, SIZE, 2);

    assertThat(curve.points()).extracting(Measured::images).containsExactly(1, 2);
    assertThat(curve.points()).allMatch(point -> point.seconds() > 0);
    assertThat(TestEngine.engine().batchCurve(recipe, SIZE, 1).images()).isEqualTo(1);
  }

  @Test
  void measuresWithoutKeepingMemory() {
    TestEngine.engine().batchCurve(TestEngine.shallow(""), SIZE, 2); // loads filters
    TestEngine.engine().batchCurve(TestEngine.shallow("precision=float64"), SIZE, 2);
    int before = TestEngine.device().manager().getManagedArrays().size();
    TestEngine.engine().batchCurve(TestEngine.shallow(""), SIZE, 2);
    TestEngine.engine().batchCurve(TestEngine.shallow("precision=float64"), SIZE, 2);

    assertThat(TestEngine.device().manager().getManagedArrays()).hasSize(before);
  }
}
