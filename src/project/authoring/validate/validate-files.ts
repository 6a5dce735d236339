import { isTakenBy, type TakenEvidence } from '../../../change/plan/taken-forms.ts'
import { warning } from '../../../change/workflow/habit/habits.ts'
import type { Problem } from '../../../model/error.ts'
import { unreadWords, untoldWords } from '../../plan/taken-forms.ts'
import { InputError, problemText } from '../../system/process/input-error.ts'
import { type Validation, type ValidationContext, validateFile } from './validate-file.ts'

interface TakenSource {
  ask(forms: readonly string[]): Promise<TakenEvidence | { readonly unread: string }>
  tell(note: string): void
}

/** Judges files of a project, by their paths from its root, and those with lines that the table of the syntax doubts once more by what switches have taken: nobody is asked where nothing is doubted. Throws InputError with the problems of all of them. */
export async function validateFiles(
  paths: readonly string[],
  validating: ValidationContext,
  source: TakenSource,
): Promise<readonly Validation[]> {
  const judged = paths.map((path) => doubting(path, validating))
  const forms = [...new Set(judged.flatMap(({ doubted }) => [...doubted]))]
  const validations = forms.length === 0 ? undefined : await judgedAgain(judged, forms, validating, source)
  return orThrow(validations ?? judged.map(({ validation }) => validation))
}

interface Doubting {
  readonly path: string
  readonly validation: Validation
  readonly doubted: ReadonlySet<string>
}

function doubting(path: string, validating: ValidationContext): Doubting {
  const doubted = new Set<string>()
  const isTaken = (_: string, form: string) => {
    doubted.add(form)
    return false
  }
  return { path, doubted, validation: validateFile(path, { ...validating, isTaken }) }
}

async function judgedAgain(
  judged: readonly Doubting[],
  forms: readonly string[],
  validating: ValidationContext,
  { ask, tell }: TakenSource,
) {
  const evidence = await ask(forms)
  if ('unread' in evidence) {
    tell(untoldWords(evidence.unread))
    return undefined
  }
  const unread = new Set<string>()
  const isTaken = isTakenBy(evidence, (device) => unread.add(device))
  const validations = judged.map(({ path, validation, doubted }) =>
    [...doubted].some((form) => evidence.forms.has(form)) ? validateFile(path, { ...validating, isTaken }) : validation,
  )
  if (unread.size > 0) tell(unreadWords([...unread]))
  return validations
}

function orThrow(validations: readonly Validation[]): readonly Validation[] {
  const problems = unique(validations.flatMap((validation) => validation.problems))
  if (problems.length > 0) throw new InputError(problems)
  return validations.map((one, index) => ({
    ...one,
    warnings: [...one.warnings, ...sameName(one, validations.slice(0, index))],
  }))
}

function sameName({ kind, workflow }: Validation, before: readonly Validation[]) {
  if (workflow === undefined || kind !== 'workflow') return []
  const other = before.find((one) => one.kind === 'workflow' && one.workflow?.name === workflow.name)
  if (other === undefined) return []
  const message = `${other.file} has the name \`${workflow.name}\`, too: records and screens do not tell them apart`
  const at = { file: workflow.file, line: 1, column: 1 }
  return [warning('same-name', message, at, `give this workflow another \`name:\``)]
}

function unique(problems: readonly Problem[]) {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()]
}
