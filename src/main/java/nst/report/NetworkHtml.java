package nst.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nst.model.LossSample;
import nst.record.NetworkLooks.Look;
import nst.record.NetworkLooks.Style;
import nst.record.NetworkRecipe;
import nst.record.NetworkRecipe.HeldOutPhoto;
import nst.record.TrainingLoss;
import nst.report.row.SafeText;

/** The page about the training of a style network. It is one file that needs no network. */
public final class NetworkHtml {
  private static final PageTemplate TEMPLATE = PageTemplate.of("network.ftlh");
  private static final int MOST_LEFT_OUT = 100;

  private NetworkHtml() {}

  /**
   * Writes the page. All text from users is escaped.
   *
   * @param page receives the text, which must be encoded as UTF-8; it is not closed
   * @throws IOException if the text cannot be written
   */
  public static void write(NetworkReport report, Writer page) throws IOException {
    TEMPLATE.write(page(report), page);
  }

  private static NetworkPage page(NetworkReport report) {
    NetworkRecipe recipe = report.recipe();
    int leftOut = report.leftOut().size();
    return new NetworkPage(
        recipe.looks().stream().map(NetworkHtml::look).collect(Collectors.joining(", ")),
        report.key(),
        summary(recipe),
        charts(report),
        report.samples().stream()
            .map(
                sample ->
                    new NetworkPage.Sample(
                        SafeText.name(sample.name()),
                        look(recipe.looks().get(sample.look())),
                        sample.photo(),
                        sample.picture()))
            .toList(),
        recipe.result().photos().stream().map(photo -> heldOut(photo, recipe)).toList(),
        training(recipe),
        objective(recipe),
        facts(report.leftOut()).subList(0, Math.min(leftOut, MOST_LEFT_OUT)),
        leftOut > MOST_LEFT_OUT ? NumberFormats.count(leftOut - MOST_LEFT_OUT) : "");
  }

  private static String look(Look look) {
    return look.styles().stream()
        .map(Style::name)
        .map(SafeText::name)
        .collect(Collectors.joining(" + "));
  }

  private static String summary(NetworkRecipe recipe) {
    List<TrainingLoss> heldOut = recipe.result().heldOut();
    return NumberFormats.count(recipe.training().steps())
        + " steps on "
        + NumberFormats.count(recipe.photos().training())
        + " photos; held-out loss from "
        + NumberFormats.number(heldOut.get(0).total())
        + " to "
        + NumberFormats.number(heldOut.get(heldOut.size() - 1).total());
  }

  private static List<LossChart> charts(NetworkReport report) {
    return List.of(
        LossChart.ofTraining(
            "Total loss over the steps",
            samples(report.curve(), report.recipe()),
            samples(report.recipe().result().heldOut(), report.recipe())));
  }

  private static List<LossSample> samples(List<TrainingLoss> losses, NetworkRecipe recipe) {
    return losses.stream()
        .map(
            loss ->
                new LossSample(
                    recipe.training().crop(),
                    Math.toIntExact(loss.step()),
                    Math.toIntExact(loss.step()),
                    loss.content(),
                    loss.style(),
                    loss.tv(),
                    loss.total(),
                    Map.of(),
                    0,
                    0,
                    0))
        .toList();
  }

  private static NetworkPage.HeldOut heldOut(HeldOutPhoto photo, NetworkRecipe recipe) {
    TrainingLoss last = photo.last();
    return new NetworkPage.HeldOut(
        SafeText.name(photo.name()),
        look(recipe.looks().get(photo.look())),
        NumberFormats.number(photo.first().total()),
        NumberFormats.number(last.total()),
        NumberFormats.number(last.content()),
        NumberFormats.number(last.style()),
        NumberFormats.number(last.tv()));
  }

  private static List<Page.Fact> training(NetworkRecipe recipe) {
    NetworkRecipe.Training training = recipe.training();
    NetworkRecipe.Architecture architecture = recipe.architecture();
    NetworkRecipe.Photos photos = recipe.photos();
    int halvings = recipe.result().learningRateHalvings();
    List<Page.Fact> facts = new ArrayList<>();
    recipe.looks().stream()
        .flatMap(look -> look.styles().stream())
        .forEach(style -> facts.add(fact(SafeText.name(style.name()), style.sha256())));
    facts.add(fact("Width", architecture.width()));
    facts.add(fact("Residual blocks", architecture.residualBlocks()));
    facts.add(fact("Convolution", architecture.convolution()));
    facts.add(fact("Steps", NumberFormats.count(training.steps())));
    facts.add(
        fact(
            "Learning rate",
            NumberFormats.number(training.learningRate())
                + (halvings == 0 ? "" : ", halved " + halvings + " times")));
    facts.add(fact("Crop", training.crop() + " px"));
    facts.add(fact("Batch", training.batch()));
    facts.add(fact("Seed", training.seed()));
    facts.add(
        fact(
            "Photos",
            NumberFormats.count(photos.found())
                + " found, "
                + NumberFormats.count(photos.training())
                + " for training, "
                + NumberFormats.count(photos.heldOut())
                + " held out, "
                + NumberFormats.count(recipe.result().leftOut())
                + " left out"));
    facts.add(fact("Features", recipe.features()));
    facts.add(fact("nst", recipe.result().version()));
    return facts;
  }

  private static List<Page.Fact> objective(NetworkRecipe recipe) {
    List<Page.Fact> facts = facts(recipe.objective());
    facts.addAll(facts(recipe.computation()));
    return facts;
  }

  private static List<Page.Fact> facts(Map<String, String> values) {
    List<Page.Fact> facts = new ArrayList<>();
    values.forEach((name, value) -> facts.add(fact(SafeText.of(name), value)));
    return facts;
  }

  private static Page.Fact fact(String name, Object value) {
    return new Page.Fact(name, SafeText.of(value.toString()));
  }
}
