import { isTestFile, testFilesOf } from '../app/validate/test-files.ts'
import type { WorkflowTests } from '../app/validate/workflow-tests.ts'
import { readTestFile } from '../trial/workflow-test/read-test-file.ts'

/** The files of workflow tests, for the commands that judge every file of a project. */
export const workflowTests: WorkflowTests = { filesOf: testFilesOf, isTest: isTestFile, read: readTestFile }
