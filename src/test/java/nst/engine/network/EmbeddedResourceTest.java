package nst.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nst.engine.stylenetwork.EmbeddedStyleNetwork;
import nst.model.text.Sha256;
import org.junit.jupiter.api.Test;

class EmbeddedResourceTest {
  /** The digest is part of every key; a process checks only the checksum. */
  @Test
  void haveTheDigestsThatKeysAndRecordsName() {
    assertThat(Sha256.hex(EmbeddedNetwork.bytes())).isEqualTo(EmbeddedNetwork.SHA256);
    assertThat(Sha256.hex(EmbeddedStyleNetwork.bytes()))
        .isEqualTo("326e8c38b65bfe63703b0d09b65542d820819c637189976677249090b804356e");
  }

  @Test
  void refusesAResourceWithAnotherChecksum() {
    EmbeddedResource damaged = new EmbeddedResource(EmbeddedNetwork.class, "vgg16.LICENSE.txt", 1);
    assertThatThrownBy(damaged::bytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "The resource nst/engine/network/vgg16.LICENSE.txt of the jar is damaged: expected"
                + " CRC-32 00000001, was [0-9a-f]{8}. Build the jar again");
  }

  @Test
  void refusesAMissingResource() {
    EmbeddedResource missing = new EmbeddedResource(EmbeddedNetwork.class, "no.safetensors", 0);
    assertThatThrownBy(missing::bytes)
        .hasMessage(
            "The resource nst/engine/network/no.safetensors is missing from the jar. Build the jar"
                + " again");
  }
}
