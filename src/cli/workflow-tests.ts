import type { WorkflowTests } from '../app/validate/workflow-tests.ts'
import { readTestFile } from '../trial/workflow-test/read-test-file.ts'
import { isTestFile, testFilesOf } from './workflow-test/test-files.ts'

/** The files of workflow tests, for the commands that judge every file of a project. */
export const workflowTests: WorkflowTests = { filesOf: testFilesOf, isTest: isTestFile, read: readTestFile }
