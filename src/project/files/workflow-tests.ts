import type { Inventory } from '../../change/inventory/inventory.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import type { Project } from './project.ts'

/**
 * The files of workflow tests, for whoever judges the files of a project. What reads them is in the room `trial`, which this room may not
 * import.
 */
export interface WorkflowTests {
  /** Every test file of a project, by its path from the root, in order. */
  filesOf(project: Pick<Project, 'dir'>): readonly string[]
  /** Whether a file is a workflow test, by its name. */
  isTest(path: string): boolean
  /** The cases of a test file, or everything that is wrong with it and with what it names. */
  read(
    content: string | Uint8Array,
    path: string,
    context: { readonly files: Files; readonly inventory: Inventory; readonly policyPresent: boolean },
  ): ValueOrProblems<readonly unknown[]>
}
