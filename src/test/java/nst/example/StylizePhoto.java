package nst.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.PixelWriter;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;

/** Stylises one photo without Spark: the example of docs/library.md. */
public final class StylizePhoto {
  private StylizePhoto() {}

  /** The arguments are the photo, the painting and the PNG file to write. */
  public static void main(String[] arguments) throws IOException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
    RgbImage photo = decoder.decode(Files.readAllBytes(Path.of(arguments[0]))).image();
    RgbImage painting = decoder.decode(Files.readAllBytes(Path.of(arguments[1]))).image();
    Hyperparameters recipe = Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, 64);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      StylizedImage made = engine.stylize(SourceImages.of(photo, painting), recipe, loss -> {});
      Files.write(Path.of(arguments[2]), PixelWriter.png(made.image()));
    }
  }
}
