import type { Problem } from '../../model/problem.ts'
import { InputError, problemText } from '../input-error.ts'
import { type Validation, type ValidationContext, validateFile } from './validate-file.ts'

/** Judges files of a project, by their paths from its root. Throws InputError with the problems of all of them. Contacts nothing. */
export function validateFiles(paths: readonly string[], validating: ValidationContext): readonly Validation[] {
  const validations = paths.map((path) => validateFile(path, validating))
  const problems = unique(validations.flatMap((validation) => validation.problems))
  if (problems.length > 0) throw new InputError(problems)
  return validations
}

/** What is wrong with a workflow is found again behind every test of it. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()]
}
