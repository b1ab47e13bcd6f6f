// The command that prints what a shell needs to complete the others.
import ArgumentParser

struct Completion: ParsableCommand {
    enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

    static let configuration = CommandConfiguration(
        abstract: "Prints a script that lets a shell complete commands and options.",
        discussion: """
            bash: taskflow completion bash > ~/.local/share/bash-completion/completions/taskflow

            zsh: taskflow completion zsh > ~/.zfunc/_taskflow, with ~/.zfunc in fpath before compinit

            fish: taskflow completion fish > ~/.config/fish/completions/taskflow.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() {
        let script =
            switch shell {
            case .bash: TaskFlow.completionScript(for: .bash)
            case .zsh: TaskFlow.completionScript(for: .zsh)
            case .fish: TaskFlow.completionScript(for: .fish)
            }
        print(script)
    }
}
