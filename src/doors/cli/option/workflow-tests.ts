import { readTestFile } from '../../../lab/workflow-test/read-test-file.ts'
import { isTestFile, testFilesOf } from '../../../project/files/test-files.ts'
import type { WorkflowTests } from '../../../project/files/workflow-tests.ts'

export const workflowTests: WorkflowTests = { filesOf: testFilesOf, isTest: isTestFile, read: readTestFile }
