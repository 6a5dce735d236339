/** A hook of pre-commit (pre-commit.com) that validates the project before a commit, by path. It runs the `eosflow` of the machine. */
export const PRE_COMMIT: Readonly<Record<string, string>> = {
  '.pre-commit-config.yaml': `repos:
  - repo: local
    hooks:
      - id: eosflow-validate
        name: eosflow validate
        entry: eosflow validate
        language: system
        pass_filenames: false
        files: '\\.(ya?ml|j2|cfg)$|^trust/'
`,
}
