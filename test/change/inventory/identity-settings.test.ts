import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

const settings = (...issuers: readonly string[]) =>
  `version: 1\nidentity:\n  issuers:\n${issuers.map((text) => `    - { ${text} }\n`).join('')}`

const CORP =
  'name: corp, issuer: https://idp.example/realms/net, audience: https://eosflow.example/api, clientId: eosflow'
const GITHUB =
  'name: github, issuer: https://token.actions.githubusercontent.com, audience: https://eosflow.example/api, kind: service'
const GITLAB = 'name: gitlab, issuer: https://gitlab.example, audience: https://eosflow.example/api, kind: service'

function issuersOf(text: string) {
  const read = parseSettings(text, 'eosflow.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value.identity?.issuers ?? []
}

function problemOf(text: string) {
  const read = parseSettings(text, 'eosflow.yaml')
  if (read.ok) throw new Error('no problem')
  return read.problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`).join('\n')
}

describe('the identity settings', () => {
  test('a provider for people, with what it leaves open', () => {
    expect(issuersOf(settings(`${CORP}, groupsClaim: groups, personClaim: employee_id`))).toEqual([
      {
        name: 'corp',
        issuer: 'https://idp.example/realms/net',
        audience: 'https://eosflow.example/api',
        kind: 'person',
        clientId: 'eosflow',
        groupsClaim: 'groups',
        personClaim: 'employee_id',
        scopes: ['openid', 'offline_access', 'eosflow:plan', 'eosflow:run'],
        approveScope: 'eosflow:approve',
        require: {},
        typ: 'at+jwt',
        clockTolerance: 30,
        maxTokenAge: 86_400,
        resource: true,
      },
    ])
  })

  test('CI jobs are known by exact claims', () => {
    const [github, gitlab] = issuersOf(
      settings(
        `${GITHUB}, require: { repository_id: "123456", ref: refs/heads/main }`,
        `${GITLAB}, require: { project_id: "42", ref_protected: "true", pipeline_source: web }, typ: any`,
      ),
    )
    expect(github).toMatchObject({ typ: 'JWT', maxTokenAge: 3600, require: { repository_id: '123456' } })
    expect(gitlab).toMatchObject({ typ: 'any', scopes: ['eosflow:plan', 'eosflow:run'] })
  })

  test('a client for pages, confidential or public', () => {
    const webOf = (web: string) => issuersOf(settings(`${CORP}, web: ${web}`))[0]?.web
    expect(webOf('{ clientId: eosflow-web }')).toEqual({ clientId: 'eosflow-web' })
    expect(webOf(`{ clientId: eosflow-web, clientSecret: '\${env:WEB}' }`)).toEqual({
      clientId: 'eosflow-web',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a secret is written so
      clientSecret: '${env:WEB}',
    })
  })

  test('clients that speak MCP, the address that their tokens are for, and what they are granted', () => {
    const mcpOf = (mcp: string) => issuersOf(settings(`${CORP}, mcp: ${mcp}`))[0]?.mcp
    expect(mcpOf('{ clients: [claude-desktop] }')).toEqual({ clients: ['claude-desktop'], scope: 'eosflow:plan' })
    expect(mcpOf('{ audience: https://eosflow.example/mcp, scope: plan }')).toEqual({
      clients: [],
      audience: 'https://eosflow.example/mcp',
      scope: 'plan',
    })
  })

  const refused: readonly (readonly [why: string, issuers: readonly string[], problem: string])[] = [
    [
      'a secret of the client for pages in clear',
      [`${CORP}, web: { clientId: w, clientSecret: hunter2 }`],
      'write a reference to the secret here, not the secret',
    ],
    ['a client for pages without a name', [`${CORP}, web: {}`], 'clientId'],
    [
      'pages for a service',
      [`${GITHUB}, require: { repository_id: "1" }, web: { clientId: w }`],
      'a service has no browser',
    ],
    [
      'the client of people as one of agents',
      [`${CORP}, mcp: { clients: [eosflow] }`],
      "people log in with eosflow, so it is no agent's",
    ],
    [
      'the client of the pages as one of agents',
      [`${CORP}, web: { clientId: w }, mcp: { clients: [other, w] }`],
      "people log in with w, so it is no agent's",
    ],
    ['plain http', [CORP.replace('https://idp', 'http://idp')], '4:29 an issuer is an https address without query'],
    [
      'localhost by name',
      [CORP.replace('https://idp.example', 'http://localhost:8080')],
      'an issuer is an https address',
    ],
    ['a user in the address', [CORP.replace('https://idp', 'https://me@idp')], 'an issuer is an https address'],
    ['a name that eosflow uses', [CORP.replace('name: corp', 'name: local')], 'a word that eosflow uses itself'],
    ['the name of schedules', [CORP.replace('name: corp', 'name: schedule')], 'a word that eosflow uses itself'],
    ['a name twice', [CORP, CORP], '5:15 corp is there twice'],
    ['people without a client', [CORP.replace(', clientId: eosflow', '')], 'people need a clientId to log in'],
    ['a service without a secret', [`${CORP}, kind: service`], 'a service logs in with a secret'],
    [
      'a secret in clear',
      [`${CORP}, clientSecret: hunter2hunter2`],
      'write a reference to the secret here, not the secret',
    ],
    ['no claims', [GITLAB], 'without require every token of this issuer would be let in'],
    ['a pattern', [`${GITLAB}, require: { ref: "release/*" }`], 'a claim is compared exactly: there are no patterns'],
    ['a boolean', [`${GITLAB}, require: { ref_protected: true }`], 'require.ref_protected` must be text, not true'],
    [
      'GitHub for people',
      [`${GITHUB.replace('service', 'person')}, clientId: x`],
      'tokens of GitHub Actions are those of jobs',
    ],
    [
      'any repository',
      [`${GITHUB}, require: { ref: refs/heads/main }`],
      'this issuer speaks for every repository on GitHub',
    ],
    [
      'the default audience of GitHub',
      [`${GITHUB.replace('https://eosflow.example/api', 'https://github.com/acme')}, require: { repository_id: "1" }`],
      "this is the audience of every token of the owner's jobs",
    ],
    [
      'pull requests of GitHub',
      [`${GITHUB}, require: { repository_id: "1", event_name: pull_request_target }`],
      'jobs of pull requests run what nobody has merged yet',
    ],
    [
      'any pipeline of GitLab',
      [`${GITLAB}, require: { project_id: "42", ref: main }`],
      'the pipeline of a merge request from a fork has the same claims',
    ],
    [
      'merge requests of GitLab',
      [`${GITLAB}, require: { project_id: "42", pipeline_source: merge_request_event }`],
      'pipelines of merge requests run what nobody has merged yet',
    ],
    ['a key that there is not', [`${CORP}, audiance: x`], 'audiance'],
  ]

  test.each(refused)('refused: %s', (_, issuers, problem) => {
    expect(problemOf(settings(...issuers))).toContain(problem)
  })

  test('http is for loopback, by address', () => {
    const read = issuersOf(
      settings(
        CORP.replace('https://idp.example', 'http://127.0.0.1:8080'),
        CORP.replace('https://idp.example', 'http://[::1]:8080')
          .replace('name: corp', 'name: six')
          .replace('issuer: http', 'issuer: "http')
          .replace('/net', '/net"'),
      ),
    )
    expect(read.map(({ issuer }) => issuer)).toEqual([
      'http://127.0.0.1:8080/realms/net',
      'http://[::1]:8080/realms/net',
    ])
  })
})
