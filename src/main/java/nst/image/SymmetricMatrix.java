package nst.image;

/**
 * A symmetric 3 x 3 matrix with its eigenvalues and eigenvectors, computed by cyclic Jacobi
 * rotations (Golub and Van Loan, Matrix Computations, 8.5). For such a small matrix, the result is
 * exact apart from rounding.
 */
final class SymmetricMatrix {
  private static final int SWEEPS = 16; // converges quadratically: five or six are enough

  private final double[] eigenvalues;
  private final double[][] eigenvectors; // in columns

  private SymmetricMatrix(double[] eigenvalues, double[][] eigenvectors) {
    this.eigenvalues = eigenvalues;
    this.eigenvectors = eigenvectors;
  }

  static SymmetricMatrix of(double[][] matrix) {
    double[][] a = {matrix[0].clone(), matrix[1].clone(), matrix[2].clone()};
    double[][] vectors = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}; // in columns
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int p = 0; p < 2; p++) {
        for (int q = p + 1; q < 3; q++) {
          rotate(a, vectors, p, q);
        }
      }
    }
    return new SymmetricMatrix(new double[] {a[0][0], a[1][1], a[2][2]}, vectors);
  }

  SymmetricMatrix withEigenvaluesAtLeast(double floor) {
    double[] raised = new double[3];
    for (int i = 0; i < 3; i++) {
      raised[i] = Math.max(floor, eigenvalues[i]);
    }
    return new SymmetricMatrix(raised, eigenvectors);
  }

  /** V diag(eigenvalue^exponent) V^T. */
  double[][] power(double exponent) {
    double[][] power = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int i = 0; i < 3; i++) {
          power[row][column] +=
              eigenvectors[row][i] * Math.pow(eigenvalues[i], exponent) * eigenvectors[column][i];
        }
      }
    }
    return power;
  }

  static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int i = 0; i < 3; i++) {
          product[row][column] += left[row][i] * right[i][column];
        }
      }
    }
    return product;
  }

  /** Rotates the plane of p and q so that a[p][q] becomes zero. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double ratio = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = Math.copySign(1, ratio) / (Math.abs(ratio) + Math.hypot(ratio, 1));
    double cosine = 1 / Math.hypot(tangent, 1);
    double sine = tangent * cosine;
    for (int k = 0; k < 3; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = cosine * kp - sine * kq;
      a[k][q] = sine * kp + cosine * kq;
    }
    for (int k = 0; k < 3; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = cosine * pk - sine * qk;
      a[q][k] = sine * pk + cosine * qk;
    }
    for (double[] row : vectors) {
      double rowP = row[p];
      double rowQ = row[q];
      row[p] = cosine * rowP - sine * rowQ;
      row[q] = sine * rowP + cosine * rowQ;
    }
  }
}
