/**
 * A float without a fraction: `1.0` as its source writes it. Python prints it with the fraction, and JavaScript has no number of its
 * own for it.
 */
export class WholeFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}
