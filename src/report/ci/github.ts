import { PINNED_ACTIONS, pinned } from './pinned-actions.ts'
import { applyStep, block, nightStep, planStep, TEST_STEP } from './steps.ts'

const CHECKOUT = `      - uses: ${pinned(PINNED_ACTIONS.checkout)}
        with: { fetch-depth: 0, persist-credentials: false }`

const HOME = `EOSFLOW_HOME: '\${{ vars.EOSFLOW_HOME }}'`
const SECRETS = `          EOSFLOW_KEY: '\${{ secrets.EOSFLOW_KEY }}'
          EOSFLOW_PASSWORD: '\${{ secrets.EOSFLOW_PASSWORD }}'`

export const GITHUB_PIPELINES: Readonly<Record<string, string>> = {
  '.github/workflows/eosflow-plan.yml': `# Tests every pull request, and plans its change files on the switches where its branch is in this repository.
# A pull request from a fork is only tested: on a machine of GitHub, without a secret, without a switch.
name: eosflow plan
on: [pull_request]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
${CHECKOUT}
      - uses: ${pinned(PINNED_ACTIONS.setupNode)}
        with: { node-version: 24 }
      - run: npm install --global "$EOSFLOW_PACKAGE"
        env: { EOSFLOW_PACKAGE: '\${{ vars.EOSFLOW_PACKAGE }}' }
      - env: { BASE: '\${{ github.event.pull_request.base.sha }}' }
        shell: bash
        run: |
${block(TEST_STEP, 10)}
  plan:
    needs: test
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: [self-hosted, eosflow]
    environment: network-plan
    concurrency: { group: 'eosflow-plan-\${{ github.event.pull_request.number }}', cancel-in-progress: false }
    permissions: { contents: read, pull-requests: write }
    steps:
${CHECKOUT}
      - env:
          ${HOME}
          BASE: '\${{ github.event.pull_request.base.sha }}'
          PULL: '\${{ github.event.pull_request.number }}'
          GITHUB_TOKEN: '\${{ github.token }}'
${SECRETS}
        shell: bash
        run: |
${block(planStep('github'), 10)}
`,
  '.github/workflows/eosflow-apply.yml': `# Sends the reviewed plans of what was merged, and nothing else.
name: eosflow apply
on: { push: { paths: ['changes/**'] } }
permissions: {}
jobs:
  apply:
    # A job that is skipped is in no concurrency group: the push of another branch takes nobody's turn.
    if: github.event.ref == format('refs/heads/{0}', github.event.repository.default_branch)
    runs-on: [self-hosted, eosflow]
    environment: network
    concurrency: { group: eosflow-apply, cancel-in-progress: false }
    permissions: { contents: read, pull-requests: write }
    steps:
${CHECKOUT}
      - env:
          ${HOME}
          BEFORE: '\${{ github.event.before }}'
          COMMIT: '\${{ github.sha }}'
          GITHUB_TOKEN: '\${{ github.token }}'
${SECRETS}
        shell: bash
        run: |
${block(applyStep('github'), 10)}
`,
  '.github/workflows/eosflow-night.yml': `# Every night: which switches differ from what was confirmed, the checks of the project, a backup. Nothing is changed.
name: eosflow night
on: { schedule: [{ cron: '17 2 * * *' }], workflow_dispatch: {} }
permissions: {}
jobs:
  night:
    runs-on: [self-hosted, eosflow]
    environment: network-plan
    concurrency: { group: eosflow-night, cancel-in-progress: false }
    permissions: { contents: read }
    steps:
${CHECKOUT}
      - env:
          ${HOME}
${SECRETS}
        shell: bash
        run: |
${block(nightStep('github'), 10)}
`,
}
