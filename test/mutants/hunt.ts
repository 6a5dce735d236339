/** What one process of tests is to do, as `hunt.json` in the copy of the checkout. */
export interface Hunt {
  /** Runs every test without a mutant and writes down which mutations it meets. */
  readonly isDry: boolean
  /** This mutant is switched on from the first import to the end. */
  readonly everywhere?: number | undefined
  /** By the key of a test: the mutants that it is run with, one after the other. */
  readonly tests: Readonly<Record<string, readonly number[]>>
}

/** A test by its file and the titles that lead to it. */
export function keyOf(test: { readonly file: { readonly name: string }; readonly fullTestName: string }): string {
  return `${test.file.name} > ${test.fullTestName}`
}
