package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CUDA error: an illegal memory access was encountered | DEVICE_LOST",
        "CUDA error: misaligned address | DEVICE_LOST",
        "CUDA error: operation not supported on global/shared address space | DEVICE_LOST",
        "CUDA error: device-side assert triggered | DEVICE_LOST",
        "CUDA error: unspecified launch failure | DEVICE_LOST",
        "CUDA error: uncorrectable ECC error encountered | DEVICE_LOST",
        "CUDA error: the launch timed out and was terminated | DEVICE_LOST",
        "CUDA error: unknown error | DEVICE_LOST",
        "CUDA error: no CUDA-capable device is detected | DEVICE_LOST",
        "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED | DEVICE_LOST",
        "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)` | DEVICE_LOST",
        "CUDA out of memory. Tried to allocate 2.00 GiB | OUT_OF_MEMORY",
        "CUDA error: out of memory | OUT_OF_MEMORY",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)` | OUT_OF_MEMORY",
        "DefaultCPUAllocator: can't allocate memory | OUT_OF_MEMORY",
        "CUDA error: invalid configuration argument | INTERNAL",
        "CUDA error: no kernel image is available for execution on the device | INTERNAL",
        "The size of tensor a (3) must match the size of tensor b (4) | INTERNAL"
      })
  void distinguishesALostDeviceFromAFailedCall(String message, ErrorCode code) {
    assertThat(EngineFault.of(new EngineException(message)).code()).isEqualTo(code);
  }

  @Test
  void givesTheLineThatMatters() {
    TransferException fault =
        EngineFault.of(
            new EngineException(
                "The following operation failed in the TorchScript interpreter.\nTraceback:\n"
                    + "RuntimeError: CUDA error: misaligned address\nCUDA kernel errors might be"
                    + " asynchronously reported"));
    assertThat(fault)
        .hasMessage("The device broke down: RuntimeError: CUDA error: misaligned address");
  }
}
