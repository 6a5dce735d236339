/**
 * The core of eosflow as a library: EOS configuration text as data. Parse, render, merge, compare, apply, invert,
 * redact. `eosflow/testing` holds what a project's own tests need.
 *
 * @module
 */
import './node-guard.ts'

export { applyDiff } from './config/apply.ts'
export { type ChangeLine, presentChanges } from './config/changes.ts'
export { type ConfigChange, type ConfigDiff, diffConfig, type HunkRow, type LayoutHunk } from './config/diff.ts'
export type { EditorOptions } from './config/editor.ts'
export { invertDiff } from './config/invert.ts'
export { mergeConfig } from './config/merge.ts'
export { parseConfig } from './config/parse.ts'
export { type Placeholder, redact } from './config/redact.ts'
export { renderConfig } from './config/render.ts'
export type { ConfigNode, ConfigTree } from './config/tree.ts'
export { EosflowError, type ErrorKind, type ErrorOptions } from './model/error.ts'
export type { MachineType } from './workflow/asl/dialect.ts'
export {
  type DefinitionProblem,
  type DefinitionVerdict,
  validateStateMachine,
} from './workflow/asl/validate-state-machine.ts'
export { type RenderedTemplate, renderTemplate, type TemplateOptions } from './workflow/template/library.ts'
