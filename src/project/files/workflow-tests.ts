import type { Inventory } from '../../change/inventory/inventory.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import type { ValueOrProblems } from '../../model/error.ts'
import type { Project } from './project.ts'

export interface WorkflowTests {
  filesOf(project: Pick<Project, 'dir'>): readonly string[]
  isTest(path: string): boolean
  read(
    content: string | Uint8Array,
    path: string,
    context: { readonly files: Files; readonly inventory: Inventory; readonly policyPresent: boolean },
  ): ValueOrProblems<readonly unknown[]>
}
