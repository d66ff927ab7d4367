package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.record.NetworkLooks.Look;
import nst.record.NetworkLooks.Style;
import nst.record.NetworkRecipe;
import nst.record.NetworkRecipe.Architecture;
import nst.record.NetworkRecipe.HeldOutPhoto;
import nst.record.NetworkRecipe.Photos;
import nst.record.NetworkRecipe.Result;
import nst.record.NetworkRecipe.Training;
import nst.record.TrainingLoss;
import org.junit.jupiter.api.Test;

class NetworkHtmlTest {
  private static final TrainingLoss FIRST = new TrainingLoss(0, 1, 2, 3, 6.54);
  private static final TrainingLoss LAST = new TrainingLoss(1000, 0.11, 0.22, 0.33, 0.654);

  private static String page(String photo, String painting, Map<String, String> leftOut)
      throws IOException {
    NetworkRecipe recipe =
        new NetworkRecipe(
            List.of(new Look(List.of(new Style(painting, "00ff", 1)), 256)),
            Map.of("content_weight", "0.05"),
            Map.of("precision", "auto"),
            "ee torchvision 1.0",
            new Architecture(32, 5, "full"),
            new Training(1000, 1e-3, 256, 2, 7, ""),
            new Photos("abcd", 1234, 1088, 146),
            new Result(
                List.of(FIRST, LAST),
                List.of(new HeldOutPhoto(photo, 0, FIRST, LAST)),
                leftOut.size(),
                2,
                "0.1.0"));
    PageImage image = PageImage.jpeg(new byte[] {1, 2, 3}, 20, 10);
    StringWriter page = new StringWriter();
    NetworkHtml.write(
        new NetworkReport(
            recipe.key(),
            recipe,
            List.of(FIRST, LAST),
            List.of(new NetworkReport.Sample(photo, 0, image, image)),
            leftOut),
        page);
    return page.toString();
  }

  @Test
  void thePageShowsCurvesLossesPicturesAndTheRecipe() throws IOException {
    String page = page("harbour.jpg", "night.jpg", Map.of("broken.jpg", "it has no bytes"));

    assertThat(page)
        .contains("harbour.jpg × night.jpg", "data:image/jpeg;base64,AQID", "width=\"20\"")
        .contains("class=\"curve training\"", "class=\"curve held-out\"")
        .contains("held-out loss from 6.54 to 0.654", "0.11", "0.22", "0.33")
        .contains("0.001, halved 2 times", "1,234 found, 1,088 for training, 146 held out")
        .contains("broken.jpg", "it has no bytes")
        .doesNotContain("more are not on this page");
  }

  @Test
  void textOfUsersIsEscapedAndHasNoCredentials() throws IOException {
    String page =
        page(
            "<img src=x onerror=alert(1)>.jpg",
            "<script>alert(2)</script>.jpg",
            Map.of("s3a://KEY:SECRET@bucket/p.jpg", "<b>damaged</b>"));

    assertThat(page)
        .contains("&lt;img src=x onerror=alert(1)&gt;.jpg", "&lt;b&gt;damaged")
        .doesNotContain("<img src=x", "<script", "<b>damaged", "SECRET");
  }

  @Test
  void manyPhotosThatWereLeftOutAreCounted() throws IOException {
    Map<String, String> leftOut = new TreeMap<>();
    for (int i = 0; i < 103; i++) {
      leftOut.put("p" + i + ".jpg", "damaged");
    }

    assertThat(page("harbour.jpg", "night.jpg", leftOut)).contains("3 more are not on this page");
  }
}
