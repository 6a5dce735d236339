/** The guards of a change: data about what it would do beyond configuring, judged by whoever plans it. */
export { type SettledLines, settleByBase, subject, type UnsettledLine } from './base-lines.ts'
export { type UnsafeLine, unsafeLines } from './guard-characters.ts'
export { type MissingManagement, managementGuard } from './guard-management.ts'
export { touchesManagement } from './guard-touches.ts'
export { execVerbs, type GuardReason, isExecAlone, type VerbFinding } from './guard-verbs.ts'
export { cleartextSecrets, type SecretFinding } from './secrets-in-change.ts'
export { type FaultWords, faultWords } from './syntax/fault-words.ts'
export { type SyntaxFinding, syntaxFindings } from './syntax/judge-change.ts'
