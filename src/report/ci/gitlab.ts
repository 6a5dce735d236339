import { applyStep, block, nightStep, planStep, TEST_STEP } from './steps.ts'

export const GITLAB_PIPELINES: Readonly<Record<string, string>> = {
  '.gitlab-ci.yml': `# Tests every merge request, plans its change files on the switches, sends the reviewed plans of what was merged, and looks at night.
# A merge request from a fork is only tested, by the runners of the fork.
# Variables, protected and masked: EOSFLOW_KEY, EOSFLOW_PASSWORD, GITLAB_TOKEN (a project access token with the scope api); EOSFLOW_HOME, EOSFLOW_PACKAGE.
stages: [test, plan, apply, night]

eosflow-test:
  stage: test
  image: node:24-bookworm
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]
  variables: { BASE: $CI_MERGE_REQUEST_DIFF_BASE_SHA, GIT_DEPTH: '0' }
  before_script: ['npm install --global "$EOSFLOW_PACKAGE"']
  script:
    - |
${block(TEST_STEP, 6)}
  artifacts: { when: always, reports: { junit: test-results.xml } }

eosflow-plan:
  stage: plan
  tags: [eosflow]
  environment: { name: network-plan, action: access }
  resource_group: eosflow-plan-$CI_MERGE_REQUEST_IID
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID' }]
  variables: { BASE: $CI_MERGE_REQUEST_DIFF_BASE_SHA, PULL: $CI_MERGE_REQUEST_IID, GIT_DEPTH: '0' }
  script:
    - |
${block(planStep('gitlab'), 6)}

eosflow-apply:
  stage: apply
  tags: [eosflow]
  environment: { name: network }
  resource_group: eosflow-store
  rules: [{ if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' }]
  variables: { BEFORE: $CI_COMMIT_BEFORE_SHA, COMMIT: $CI_COMMIT_SHA, GIT_DEPTH: '0' }
  script:
    - |
${block(applyStep('gitlab'), 6)}

eosflow-night:
  stage: night
  tags: [eosflow]
  environment: { name: network-plan, action: access }
  resource_group: eosflow-night
  rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }]
  script:
    - |
${block(nightStep('gitlab'), 6)}
`,
}
