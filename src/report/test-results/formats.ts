import { resultsJson } from './json.ts'
import { resultsJunit } from './junit.ts'
import { resultText } from './text.ts'

/** The results of workflow tests, by format; a person reads each case when it has ended. */
export const testResultsAs = { text: resultText, json: resultsJson, junit: resultsJunit } as const
