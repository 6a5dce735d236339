import { expect, test } from 'vitest'
import { Secret } from '../../../../src/model/secret.ts'
import { givenLines } from '../../../../src/project/authoring/small-change/save-change.ts'
import type { Project } from '../../../../src/project/files/project.ts'
import { Scrubber } from '../../../../src/project/secret/scrubber.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { partOf } from '../../../lab/part-of.ts'

const PROJECT = partOf<Project>({ files: () => undefined })

function problemsOf(scrubber: Scrubber, content: string) {
  try {
    givenLines({ scrubber }, PROJECT, { content })
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

test('a line that holds a secret of the project is refused at its place, and the message does not have it', () => {
  const scrubber = new Scrubber()
  const content = 'interface Ethernet10\ndescription s3cr3t-of-ours'
  expect(problemsOf(scrubber, content)).toEqual([])
  scrubber.register(new Secret('s3cr3t-of-ours'), 'ours')
  expect(problemsOf(scrubber, content)).toMatchObject([{ code: 'secret-line', at: { file: 'line 2' } }])
  expect(JSON.stringify(problemsOf(scrubber, content))).not.toContain('s3cr3t')
})
