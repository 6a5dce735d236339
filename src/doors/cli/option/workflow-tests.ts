import { readTestFile } from '../../../lab/workflow-test/read-test-file.ts'
import { isTestFile, testFilesOf } from '../../../project/files/test-files.ts'
import type { WorkflowTests } from '../../../project/files/workflow-tests.ts'

/** The files of workflow tests, for the commands that judge every file of a project. */
export const workflowTests: WorkflowTests = { filesOf: testFilesOf, isTest: isTestFile, read: readTestFile }
