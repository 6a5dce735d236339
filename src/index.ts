// Eosflow as a library: `openProject` for what its commands do with a project, and EOS configuration text as data: parse, render, merge,
// compare, apply, invert, redact.
import './project/system/machine/node-guard.ts'

export type { MachineType } from './change/workflow/asl/part.ts'
export {
  type DefinitionProblem,
  type DefinitionVerdict,
  validateStateMachine,
} from './change/workflow/asl/validate-state-machine.ts'
export { type RenderedTemplate, renderTemplate, type TemplateOptions } from './change/workflow/template/library.ts'
export { openProject } from './doors/library/open-project.ts'
export type {
  CheckRequest,
  DecisionKey,
  DecisionRequest,
  EndingTerms,
  EosflowProject,
  ExportRequest,
  ImportRequest,
  ListRequest,
  NothingToPutBack,
  PlanRequest,
  ProjectCaller,
  ProjectOptions,
  RebaseRequest,
  ResumeTerms,
  RollbackTerms,
  SavedPlan,
  SnapshotRequest,
  StartedExecution,
  StartRequest,
  StartTerms,
  TargetRequest,
  WorkflowRequest,
} from './doors/library/requests.ts'
export { applyDiff } from './eos/config/apply.ts'
export {
  type ChangeLine,
  type ConfigChange,
  type ConfigDiff,
  diffConfig,
  type HunkRow,
  type LayoutHunk,
  presentChanges,
} from './eos/config/diff/diff.ts'
export { invertDiff } from './eos/config/invert.ts'
export { mergeConfig } from './eos/config/merge.ts'
export type { EditorOptions } from './eos/config/rules/editor.ts'
export { type Placeholder, redact } from './eos/config/secrets/secrets.ts'
export { parseConfig, renderConfig } from './eos/config/text/parse.ts'
export type { ConfigNode, ConfigTree } from './eos/config/text/tree.ts'
export type { Place, Problem } from './model/error.ts'
export { EosflowError, type ErrorKind, type ErrorOptions } from './model/error.ts'
export type { Json } from './model/json.ts'
export { InputError } from './project/system/process/input-error.ts'
export type { CheckDocument } from './report/check-results/result-schema.ts'
export type { DriftDocument } from './report/drift/result-schema.ts'
export type { ExecutionsDocument } from './report/execution/list-result-schema.ts'
export type { ExecutionDocument } from './report/execution/result-schema.ts'
export type { FactsDocument } from './report/facts/result-schema.ts'
export type { InventoryDocument } from './report/inventory/result-schema.ts'
export type { PlanDocument } from './report/plan/result-schema.ts'
export type { DecisionDocument, ExecutionEvent, IdentityDocument, SnapshotResult } from './report/result-schemas.ts'
