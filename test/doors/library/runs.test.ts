import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { EosflowProject } from '../../../src/index.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { everyNth } from '../../extent.ts'
import { inLab } from '../../lab/code.ts'
import { openLab, withAppends } from '../../lab/lab.ts'

/** How somebody hears of what a run has failed with. */
const WAYS: Readonly<Record<string, (project: EosflowProject, execution: string) => Promise<unknown>>> = {
  settled: (project, execution) => project.settled(execution),
  follow: async (project, execution) => {
    for await (const event of project.follow(execution)) expect(event.v).toBe(1)
  },
  close: (project) => project.close(),
}

test.each(everyNth(3, 'ways in which a failure is thrown', Object.keys(WAYS)))(
  'what a run has failed with is thrown by %s, once and without secrets',
  async (way) => {
    let isFull = false
    const before = () => {
      if (isFull) throw new EosflowError('store', 'no room is left for sesame-open', { hint: 'sesame-open' })
    }
    const lab = openLab()
    lab.write('eosflow.yaml', 'version: 1\n# ${env:DOOR}\n')
    const project = await lab.code({ env: { DOOR: 'sesame-open' } }, { seams: withAppends({ before }) })
    const begun = async () => {
      const { plan, digest } = await project.plan({ workflow: 'workflow.yaml' })
      const { execution } = await project.start({ plan, approve: digest })
      // As on a disk that is full from now on.
      isFull = true
      return execution
    }
    const execution = await inLab(lab, begun())
    const error = await inLab(lab, WAYS[way]?.(project, execution) ?? Promise.resolve()).catch((one: unknown) => one)
    expect(error).toMatchObject({ name: 'EosflowError', kind: 'store' })
    expect(inspect(error, { depth: 9 })).not.toContain('sesame-open')
    // It was heard: closing has nothing to say any more.
    await inLab(lab, project.close())
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  },
)

test('to leave a loop early frees what it holds, and closing ends a loop that nobody goes on with', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const project = await lab.code()
  const { left, held } = await inLab(
    lab,
    (async () => {
      const { execution } = await project.start({ workflow: 'workflow.yaml' })
      await project.settled(execution)
      let left = 0
      for await (const _ of project.follow(execution)) {
        left += 1
        if (left === 2) break
      }
      const held = project.follow(execution)[Symbol.asyncIterator]()
      await held.next()
      await project.close()
      return { left, held: await held.next() }
    })(),
  )
  expect(left).toBe(2)
  expect(held).toEqual({ value: undefined, done: true })
})
