/** The guards of a change: data about what it would do beyond configuring, judged by whoever plans it. */

export { cleartextSecrets, type SecretFinding } from '../secrets/secrets-in-change.ts'
export { isOfKnownForm, type KnownForm, readKnownForms } from '../syntax/known-forms.ts'
export { type SettledLines, settleByBase, subject, type UnsettledLine } from './base-lines.ts'
export { type FaultWords, faultWords } from './fault-words.ts'
export { type OtherBlank, otherBlanks } from './guard-blanks.ts'
export { type UnsafeLine, unsafeLines } from './guard-characters.ts'
export { type MissingManagement, managementGuard } from './guard-management.ts'
export { touchesManagement } from './guard-touches.ts'
export { execVerbs, type GuardReason, isExecAlone, type VerbFinding } from './guard-verbs.ts'
export { doubtedForm, type SyntaxFinding, syntaxFindings } from './judge-change.ts'
