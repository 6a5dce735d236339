import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../../src/change/plan/plan.ts'
import type { BreakGlass } from '../../../../src/change/policy/decide.ts'
import { readPolicy } from '../../../../src/change/policy/read-policy.ts'
import { silentIo } from '../../../../src/doors/cli/thread/silent-io.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import type { PolicyContext } from '../../../../src/project/access/policy/authority.ts'
import { demandsOn, termsOf } from '../../../../src/project/access/policy/demands.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import type { SilentCaller } from '../../../../src/project/identity/caller-of.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { PEOPLE, partOf, temporaryFolder } from '../../../lab/lab.ts'

function projectWith(settings: string, prepare: (dir: string) => void = () => undefined) {
  const dir = temporaryFolder({ 'eosflow.yaml': settings })
  prepare(dir)
  return openProject(silentIo(dir), { project: dir } as Parameters<typeof openProject>[1])
}

function problemsOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('whether a project has a policy', () => {
  test('none without the file', () => {
    const project = projectWith('version: 1\n')
    expect([project.policyPresent, project.policy()]).toEqual([false, undefined])
  })

  test.each<[string, string, ((dir: string) => void)?]>([
    ['a link that leads nowhere', 'version: 1\n', (dir) => symlinkSync(join(dir, 'gone'), join(dir, 'policy.yaml'))],
    ['a link to itself', 'version: 1\n', (dir) => symlinkSync('policy.yaml', join(dir, 'policy.yaml'))],
    ['a link out of the project', 'version: 1\n', (dir) => symlinkSync('/etc/hostname', join(dir, 'policy.yaml'))],
    ['a file that the settings name and that is not there', 'version: 1\npolicy: rules/policy.yaml\n'],
  ])('%s is a policy that cannot be read, and never none', (_name, settings, prepare) => {
    const project = projectWith(settings, prepare)
    expect(project.policyPresent).toBe(true)
    expect(() => project.policy()).toThrow('the policy cannot be read from inside the project: the file ')
  })

  test.each([
    ['the policy', 'policy.yaml', ''],
    ['the signers', 'trust/allowed_signers', ''],
    ['the passkeys', 'trust/passkeys', 'version: 1\n'],
    ['the reviewers', 'trust/reviewers.yaml', 'version: 1\n'],
    ['the folder of the reviewers', 'trust', ''],
  ])(
    '[3A4] %s behind a link in the project is refused: whoever changes what it leads to would decide',
    (_, path, text) => {
      const project = projectWith('version: 1\n', (dir) => {
        mkdirSync(join(dir, 'elsewhere/trust'), { recursive: true })
        if (path !== 'trust') mkdirSync(join(dir, 'trust'), { recursive: true })
        const decides = path === 'policy.yaml' ? 'elsewhere/policy.yaml' : 'policy.yaml'
        writeFileSync(join(dir, decides), 'version: 1\n')
        writeFileSync(join(dir, 'elsewhere/trust/reviewers.yaml'), 'version: 1\n')
        if (path.startsWith('trust/')) writeFileSync(join(dir, 'elsewhere', path), text)
        symlinkSync(join(dir, 'elsewhere', path), join(dir, path))
      })
      expect(project.policyPresent).toBe(true)
      const problems = problemsOf(() => project.policy())
      expect(problems.map(({ code, at }) => [code, at.file])).toEqual([
        ['linked-policy', path === 'trust' ? 'trust/reviewers.yaml' : path],
      ])
    },
  )

  test('a policy that is taken away in mid-execution is not none from then on, where the settings name it', () => {
    let file = ''
    const project = projectWith('version: 1\npolicy: real.yaml\n', (dir) => {
      file = join(dir, 'real.yaml')
      writeFileSync(file, 'version: 1\n')
    })
    expect(project.policy()?.policy.rules.map(({ effect }) => effect)).toEqual(['deny', 'deny', 'deny'])
    rmSync(file)
    expect(() => project.policy()).toThrow('the policy cannot be read from inside the project: the file ')
  })
})

const AT = Date.parse('2026-01-05T08:00:00Z')
const BACK = '{ id: back, allow: [task.rollback], to: [operator] }'
const TWO = 'require: { approvals: { count: 2, from: [approver], notRequester: true } }'

function askedOf(rules: readonly string[], actor: Principal = PEOPLE.alice) {
  const text = `version: 1
roles:
  operator: { members: ["corp:group:netops", "corp:sub:hero"] }
  hero: { members: ["corp:sub:hero"] }
  approver: { members: ["corp:group:leads"], maxAuthAgeSec: 900 }
rules:
${rules.map((rule) => `  - ${rule}\n`).join('')}`
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  const devices = ['leaf1', 'spine1'].map((name) => ({ name, tags: { role: name.slice(0, -1) } }))
  return partOf<Asked>({
    project: { policy: () => ({ policy: read.value, digest: 'd' }), inventory: () => ({ devices }) },
    clock: { now: () => AT },
    words: hintWords,
    principal: actor,
  })
}

/** Who asks, and where it is decided. */
type Asked = PolicyContext & SilentCaller

const planOf = (...devices: readonly string[]) =>
  partOf<Plan>({
    content: {
      requesters: [],
      waves: [devices],
      workflow: { file: 'w.yaml' },
      approve: null,
      atomic: 'change',
      concurrency: 10,
      timers: { verifyWithin: 180, confirmWithin: 600 },
    },
  })

const demanded = (asked: Asked, devices: readonly string[], breakGlass?: BreakGlass) =>
  demandsOn(asked, asked, planOf(...devices), { isAsked: false, breakGlass }).map(({ by, count }) => `${by} ${count}`)

describe('what is demanded of a plan', () => {
  test('a confirm that is denied makes the push need no fewer approvals', () => {
    const push = `{ id: push, allow: [execution.start, task.push], to: [operator], ${TWO} }`
    expect(demanded(askedOf([push, BACK]), ['leaf1'])).toContain('push 2')
  })

  test('nor does a denial on one of its switches', () => {
    const rules = [
      `{ id: push, allow: [execution.start, task.push], to: [operator], ${TWO} }`,
      '{ id: confirm, allow: [task.confirm], to: [operator], on: { tags: ["role:spine"] }, require: { approvals: { count: 3 } } }',
    ]
    const names = demanded(askedOf(rules), ['leaf1', 'spine1'])
    expect(names).toEqual(expect.arrayContaining(['push 2', 'confirm 3']))
  })

  test('nor a login that has grown too old to start it', () => {
    const rules = [
      `{ id: start, allow: [execution.start], to: [operator], when: { maxAuthAgeSec: 60 }, ${TWO} }`,
      '{ id: push, allow: [task.push, task.confirm], to: [operator] }',
    ]
    expect(demanded(askedOf(rules), ['leaf1'])).toContain('start 2')
  })

  test('a glass that is broken for the leaves only leaves the spines their approvals', () => {
    const rules = [
      `{ id: change, allow: [execution.start, task.push, task.confirm], to: [operator], on: { tags: ["role:spine"] }, ${TWO} }`,
      '{ id: fire, allow: [breakglass.use, execution.start, task.push, task.confirm], to: [hero], on: { tags: ["role:leaf"] }, when: { reason: ticket } }',
      '{ id: smoke, allow: [breakglass.use], to: [hero], when: { reason: ticket } }',
    ]
    const asked = askedOf(rules, PEOPLE.hero)
    const broken = { reason: 'INC-1', since: AT }
    expect(demanded(asked, ['leaf1'], broken)).toEqual([])
    expect(demanded(asked, ['leaf1', 'spine1'], broken)).toEqual(['change 2'])
  })

  test('whoever may do none of it is asked for one approval', () => {
    expect(demanded(askedOf([BACK], PEOPLE.dave), ['leaf1'])).toEqual(['the workflow 1'])
  })
})

test('the roles of an approver are those at the time of the approval', () => {
  const { rolesOf } = termsOf(askedOf([BACK]), askedOf([BACK]))
  const bob = { ...PEOPLE.bob, authenticatedAt: '2026-01-05T07:00:00Z' }
  expect(rolesOf(bob, Date.parse('2026-01-05T07:15:00Z'))).toEqual(['approver'])
  expect(rolesOf(bob, Date.parse('2026-01-05T07:15:01Z'))).toEqual([])
})
