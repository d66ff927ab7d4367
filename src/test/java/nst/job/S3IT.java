package nst.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import nst.job.manifest.ManifestTest;
import nst.job.publish.Publication;
import nst.job.publish.PublishOptions;
import nst.job.publish.Publisher;
import nst.job.source.ManifestSource;
import nst.job.source.PhotoFilter;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepMaker;
import nst.job.sweep.SweepPoints.Sampling;
import nst.job.sweep.SweepTable;
import nst.job.sweep.SweepText;
import nst.model.Problems;
import nst.record.RunSummary;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Tests a whole run on a real S3 server: manifest, photos, images and tables are objects. */
class S3IT extends S3Fixture {
  @Test
  void everythingIsAnObjectAndCredentialsAreNotPrinted() {
    catalogue.picture(scratch, "in/a photo.jpg", 1).picture(scratch, "in/painting.png", 2);
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("content", DataTypes.StringType)
            .add("style", DataTypes.StringType)
            .add("output_format", DataTypes.StringType);
    String photo = "s3://" + server.bucket() + "/in/a photo.jpg";
    catalogue.manifest(
        schema,
        List.of(
            RowFactory.create("good", "a photo.jpg", "painting.png", null),
            RowFactory.create("jpeg", photo, "painting.png", "jpg"),
            RowFactory.create("missing", "none.jpg", "painting.png", null),
            RowFactory.create("elsewhere", "s3a://other-bucket/x.jpg", "painting.png", null)));

    RunSummary first = catalogue.run("first", Map.of());

    assertThat(first.rows()).isEqualTo(new RunSummary.Rows(4, 2, 2, 0, 0));
    assertThat(first.failures())
        .isEqualTo(new TreeMap<>(Map.of("NOT_FOUND", 1L, "URI_NOT_ALLOWED", 1L)));
    RunSummary told =
        RunSummary.read(catalogue.store().read(catalogue.layout("first").runFile(), 1 << 20));
    assertThat(told.rows()).isEqualTo(first.rows());
    assertThat(told.storageRetries()).isEqualTo(first.storageRetries());
    List<String> images = catalogue.objects("out/images");
    assertThat(images)
        .hasSize(2)
        .anyMatch(uri -> uri.endsWith(".jpg"))
        .anyMatch(uri -> uri.endsWith(".png"));
    eachImageWasOnePut(images);
    noTableWasRenamed();
    assertThat(catalogue.run("second", Map.of()).rows())
        .isEqualTo(new RunSummary.Rows(4, 0, 2, 2, 0));
    assertThat(catalogue.objects("out/images")).isEqualTo(images);
    assertThat(Verification.of(TestSpark.session(), server.uri("out"), Optional.empty()))
        .isEqualTo(new Verification(2, Map.of(), List.of()));
    thePicturesArePublished();
    for (String uri : catalogue.objects("out")) {
      String text = new String(catalogue.store().read(uri, 1L << 30), ISO_8859_1);
      assertThat(text).as(uri).doesNotContain(FaultyS3.SECRET_KEY, FaultyS3.ACCESS_KEY);
      assertThat(uri).doesNotContain("__magic", "_temporary");
    }
  }

  /** The second run has a row that made a picture, one that found it, and two that failed. */
  private void thePicturesArePublished() {
    PublishOptions options =
        new PublishOptions(
            server.uri("out"),
            Optional.empty(),
            server.uri("gallery"),
            "{id}.{ext}",
            OptionalInt.empty(),
            false,
            false);
    Publication published = Publisher.publish(TestSpark.session(), options, ManifestTest.config());
    assertThat(published)
        .isEqualTo(new Publication(2, 0, 0, 2, new Publication.Failed(0, List.of())));
    assertThat(catalogue.objects("gallery"))
        .containsExactlyInAnyOrder(server.uri("gallery/good.png"), server.uri("gallery/jpeg.jpg"));
  }

  /** Checks that nothing is written to another name first or in parts. */
  private void eachImageWasOnePut(List<String> images) {
    List<S3Request> writes =
        server.requests().stream()
            .filter(request -> request.target().contains("/out/images/"))
            .filter(request -> List.of("PUT", "POST", "DELETE").contains(request.method()))
            .toList();
    assertThat(writes).allMatch(S3Request::isWholePut).hasSameSizeAs(images);
  }

  /** The magic committer uploads parts that are completed when the job commits. */
  private void noTableWasRenamed() {
    List<S3Request> tables =
        server.requests().stream()
            .filter(request -> request.target().contains("/run_id=first/metrics/"))
            .filter(request -> !request.target().contains("/__magic_")) // the committer's metadata
            .toList();
    assertThat(tables)
        .noneMatch(S3Request::isCopy)
        .anyMatch(r -> r.method().equals("POST") && r.target().contains("uploadId="))
        .noneMatch(r -> r.isWholePut() && r.target().matches(".*/part-[^/]*parquet([?].*)?"));
  }

  /** The ETag of a photo is its version, so only a replaced photo is computed again. */
  @Test
  void aPrefixOfPhotosIsMadeInEachStyle() {
    catalogue
        .picture(scratch, "photos/2024/a b#1.jpg", 1)
        .picture(scratch, "photos/c.jpg", 2)
        .picture(scratch, "photos/draft/d.jpg", 3)
        .picture(scratch, "styles/night.png", 4)
        .picture(scratch, "styles/wave.png", 5);
    ManifestSource source =
        new ManifestSource(
            server.uri("photos"),
            List.of(server.uri("styles/night.png"), server.uri("styles/wave.png")),
            new PhotoFilter(List.of("*.jpg"), List.of("draft/*")));

    assertThat(catalogue.run(source, "first", Map.of()).rows())
        .isEqualTo(new RunSummary.Rows(4, 4, 0, 0, 0));
    assertThat(catalogue.metrics("first"))
        .extracting(row -> row.<String>getAs("id"))
        .containsExactlyInAnyOrder(
            "2024/a b#1.jpg + night", "2024/a b#1.jpg + wave", "c.jpg + night", "c.jpg + wave");
    catalogue.picture(scratch, "photos/c.jpg", 6);
    assertThat(catalogue.run(source, "second", Map.of()).rows())
        .isEqualTo(new RunSummary.Rows(4, 2, 0, 2, 0));
    assertThat(catalogue.metrics("second"))
        .extracting(row -> row.<String>getAs("content_version"))
        .allMatch(version -> version.startsWith("etag="));
  }

  /** The same row in CSV, compressed, and in JSON lines. */
  @Test
  void textManifestsAreReadFromABucket() throws IOException {
    catalogue.picture(scratch, "in/a.jpg", 1).picture(scratch, "in/s.png", 2);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write("content,style\na.jpg,s.png\nnone.jpg\n".getBytes(UTF_8));
    }
    catalogue.store().write(server.uri("in/m.csv.gz"), zipped.toByteArray());
    String row = "{\"content\": \"../a.jpg\", \"style\": \"../s.png\"}\n";
    catalogue.store().write(server.uri("in/parts/1.jsonl"), row.getBytes(UTF_8));

    ManifestSource csv = ManifestSource.table(server.uri("in/m.csv.gz"));
    assertThat(catalogue.run(csv, "csv", Map.of()).rows())
        .isEqualTo(new RunSummary.Rows(2, 1, 1, 0, 0));
    ManifestSource json = ManifestSource.table(server.uri("in/parts/1.jsonl"));
    assertThat(catalogue.run(json, "json", Map.of()).rows())
        .isEqualTo(new RunSummary.Rows(1, 0, 0, 1, 0));
  }

  @Test
  void aSweepTakesTheImagesBelowAPrefix() {
    catalogue.picture(scratch, "in/deep/a photo.jpg", 1).picture(scratch, "in/b.png", 2);
    String folder = server.uri("in");

    Problems problems = new Problems();
    assertThat(sweep(folder, folder + "/none.png", problems)).isEmpty();
    assertThat(problems.list())
        .singleElement()
        .hasToString("--style: expected a file, found no such object: " + folder + "/none.png");

    Sweep sweep = sweep(folder, folder + "/b.png", new Problems()).orElseThrow();
    assertThat(sweep.folders()).containsExactly(folder);
    String table = server.uri("sweep.parquet");
    SweepTable.requireAbsent(TestSpark.session(), table, problems);
    assertThat(problems.list()).hasSize(1);
    new SweepTable(sweep).write(TestSpark.session(), table);
    assertThat(TestSpark.spark().read().parquet(table).select("id", "content").collectAsList())
        .containsExactly(
            RowFactory.create("b-b", folder + "/b.png"),
            RowFactory.create("a photo-b", folder + "/deep/a photo.jpg"));
    SweepTable.requireAbsent(TestSpark.session(), table, problems);
    assertThat(problems.list().get(1).message())
        .isEqualTo("expected a table that does not exist, was " + table);
  }

  private static Optional<Sweep> sweep(String content, String style, Problems problems) {
    SweepDefinition asked =
        new SweepDefinition(
            List.of(new SweepText(content, "")),
            List.of(new SweepText(style, "")),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0,
            Sampling.SOBOL,
            0);
    return new SweepMaker(TestSpark.session(), ManifestTest.config(), problems).make(asked);
  }

  @Test
  void aLeaseIsTakenOnce() {
    String lease = server.uri("lease");
    assertThat(catalogue.store().create(lease, new byte[] {1})).isTrue();
    assertThat(catalogue.store().create(lease, new byte[] {2})).isFalse();
    assertThat(catalogue.store().read(lease, 10)).containsExactly(1);
  }
}
