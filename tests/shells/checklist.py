"""The 56 traps of activation on cd, each with the tests that hold it, or with the reason why there is none here.

A test is named by the stem of its file (with a folder where there are several of that stem) and its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One trap. `reason` says what the tests leave open, or why there are none."""

    trap: str
    tests: tuple[str, ...] = ()
    reason: str = ""


SETTINGS = "test_the_users_settings::test_every_setting_leaves_the_hook_working_and_is_left_as_it_was"
IDENTITY = "test_identity::test_entering_and_leaving_is_the_identity_for_any_environment"
ENTERING = "test_entering_and_leaving::test_"
ELSEWHERE = "test_changes_elsewhere::test_"
USER = "test_the_users_settings::test_"
INHERITED = "test_inherited_environments::test_"
OTHERS = "test_other_tools::test_"
PYVE = "test_with_pyve::test_"
COUNTED = "test_no_processes::test_"
ATTACKS = "test_attacks::test_"
PWSH = "test_pwsh_real::test_"

CHECKLIST: Mapping[int, Line] = {
    1: Line(
        "$? and the statuses of a pipeline are as they were",
        (
            f"{USER}the_statuses_of_a_command_are_as_they_were",
            f"{USER}the_status_is_kept_at_the_prompt_that_asks_pyve",
            f"{PWSH}prompt_finds_status_as_the_command_left_it",
        ),
    ),
    2: Line("set -u, -e, pipefail, -x, ERR traps", (SETTINGS, f"{USER}a_trace_shows_a_few_lines_at_a_prompt")),
    3: Line("empty arrays under set -u in bash 3.2 to 4.3", (SETTINGS,), "with that bash in the macOS workflow"),
    4: Line(
        "bash 3.2 parses the hook",
        (SETTINGS,),
        "no such bash can be had on Linux: PYVE_TEST_BASH=/bin/bash runs this suite with it in the macOS workflow",
    ),
    5: Line(
        "PROMPT_COMMAND in every form, and the start-up file read again",
        (
            f"{USER}any_prompt_command_goes_on_working",
            f"{ENTERING}reading_the_startup_file_again_changes_nothing",
        ),
    ),
    6: Line(
        "others put themselves before the hook, or in its place",
        (
            f"{USER}a_command_that_is_put_before_the_hook_later_goes_on_working",
            "test_check_activation::test_a_lost_hook_is_found_and_what_took_its_place",
        ),
    ),
    7: Line(
        "bash-preexec, DEBUG traps, functions named cd",
        (
            f"{USER}the_hook_takes_no_trap_and_no_cd",
            f"{OTHERS}tools_that_watch_commands_through_a_debug_trap_go_on_working",
            SETTINGS,
        ),
    ),
    8: Line("options of zsh", (SETTINGS,), "the deadlock under Rosetta cannot be shown here; $functions is not used"),
    9: Line("aliases of what the hook calls", (SETTINGS,)),
    10: Line("nocasematch", (SETTINGS,)),
    11: Line("IFS, CDPATH, GLOBIGNORE, failglob, nullglob", (SETTINGS,)),
    12: Line(
        "readonly variables",
        (
            f"{USER}a_readonly_path_is_said_once_and_nothing_else_changes",
            f"{USER}another_readonly_variable_keeps_nothing_else_from_being_entered_and_left",
        ),
    ),
    13: Line(
        "Ctrl-C at any moment",
        (
            f"{USER}an_interruption_at_any_command_is_repaired_at_the_next_prompt",
            f"{USER}an_interrupted_question_to_pyve_leaves_a_working_shell",
        ),
    ),
    14: Line("silence", (f"{USER}the_hook_is_silent_at_start", SETTINGS)),
    15: Line(
        "a shell that is not interactive",
        (f"{USER}the_hook_does_nothing_in_a_shell_that_is_not_interactive",),
    ),
    16: Line(
        "`cd project && command` on one line",
        (
            f"{USER}a_command_on_the_line_of_the_cd_has_the_environment_where_the_shell_can",
            f"{USER}several_cds_on_one_line_end_where_the_last_one_ends",
        ),
    ),
    17: Line(
        "cd in a subshell of zsh, and cd -q",
        (
            f"{USER}a_cd_inside_a_substitution_or_a_subshell_changes_nothing_here",
            f"{USER}a_quiet_cd_is_noticed_at_the_prompt",
        ),
    ),
    18: Line(
        "keys that change the directory", (f"{USER}a_key_that_changes_the_directory_takes_the_environment_along",)
    ),
    19: Line(
        "cd in a command substitution of fish",
        (f"{USER}a_cd_inside_a_substitution_or_a_subshell_changes_nothing_here",),
    ),
    20: Line("`cd a; cd b` in fish", (f"{USER}several_cds_on_one_line_end_where_the_last_one_ends",)),
    21: Line("$status of fish", (f"{USER}the_statuses_of_a_command_are_as_they_were",)),
    22: Line(
        "the first prompt of a shell that starts inside a project",
        (f"{ENTERING}the_first_prompt_of_a_shell_that_starts_inside_a_project_has_its_environment",),
    ),
    23: Line(
        "a project that changes from another terminal",
        (
            f"{ELSEWHERE}a_project_that_is_registered_from_another_terminal_is_entered_at_the_next_prompt",
            f"{ELSEWHERE}a_project_that_is_denied_from_another_terminal_is_left_at_the_next_prompt",
            f"{ELSEWHERE}a_shell_that_was_open_before_the_first_project_notices_it",
            f"{PYVE}deny_leaves_and_allow_enters_in_every_open_shell",
        ),
    ),
    24: Line(
        "from project to project in one cd", (f"{ENTERING}one_cd_from_project_to_project_changes_the_environment",)
    ),
    25: Line("pushd, popd, cd -", (f"{ENTERING}pushd_popd_and_cd_minus_work_as_ever",)),
    26: Line(
        "a directory that is gone, unreadable, or the root",
        (
            f"{ENTERING}a_directory_that_was_removed_below_the_shell_is_no_error",
            f"{ENTERING}a_directory_that_cannot_be_read_is_no_error",
            f"{ENTERING}places_that_are_no_project_are_silent",
        ),
    ),
    27: Line(
        "places of PowerShell that are no directories; strict mode",
        (
            f"{PWSH}elsewhere_than_in_a_file_system_all_stays",
            "test_pwsh_files::test_every_global_variable_is_given_a_value_before_strict_mode_misses_it",
        ),
    ),
    28: Line("nested projects", (f"{ENTERING}a_nested_project_wins_and_the_outer_one_comes_back",)),
    29: Line(
        "a nested project that is not approved",
        (
            f"{ENTERING}a_nested_project_that_is_not_approved_leaves_the_outer_one_on",
            f"{ATTACKS}a_nested_clone_in_a_project_of_mine_causes_nothing",
        ),
    ),
    30: Line(
        "child shells, of another kind too, and exec",
        (
            f"{INHERITED}a_child_adopts_the_environment_and_can_leave_it",
            f"{INHERITED}a_shell_that_replaces_another_adopts_its_environment",
            f"{INHERITED}a_child_in_another_project_changes_over",
        ),
    ),
    31: Line(
        "start-up files that move PATH",
        (f"{INHERITED}a_child_whose_startup_files_moved_path_is_first_again",),
    ),
    32: Line(
        "a pane that opens elsewhere",
        (f"{INHERITED}a_pane_that_opens_elsewhere_leaves_what_it_inherits_at_its_first_prompt",),
    ),
    33: Line(
        "an editor that activates after the hook",
        (
            f"{OTHERS}an_editor_that_activates_the_same_environment_again_leaves_nothing_behind",
            f"{OTHERS}a_stock_deactivate_after_leaving_does_not_bring_our_entries_back",
        ),
    ),
    34: Line(
        "direnv and mise put back an old PATH",
        (
            f"{OTHERS}a_tool_that_puts_an_old_path_back_does_not_bring_our_entries_back",
            f"{OTHERS}a_tool_that_puts_back_a_path_without_our_entries_is_no_error",
            f"{OTHERS}direnv_and_the_hook_end_where_they_began",
        ),
    ),
    35: Line("variables of conda, nonsense among them", (f"{ENTERING}conda_variables_of_the_user_are_left_alone",)),
    36: Line(
        "another environment activated by hand",
        (
            f"{OTHERS}an_environment_that_is_activated_by_hand_inside_a_project_survives_leaving_it",
            f"{OTHERS}an_environment_that_was_activated_by_hand_before_comes_back_on_leaving",
            f"{ENTERING}a_variable_that_is_not_ours_any_more_is_left_alone",
        ),
    ),
    37: Line("what the user does to PATH inside", (f"{ENTERING}what_the_user_does_to_path_inside_stays",)),
    38: Line(
        "entries of PATH twice, empty, relative, with a slash",
        (
            f"{ENTERING}a_peculiar_path_is_restored_exactly",
            f"{ENTERING}own_entries_that_path_held_before_stay",
            IDENTITY,
        ),
    ),
    39: Line(
        "unset, empty and set are three things",
        (
            f"{ENTERING}a_variable_is_unset_empty_or_set_again_as_it_was",
            f"{ENTERING}a_path_that_was_not_there_is_not_there_again",
            IDENTITY,
        ),
    ),
    40: Line(
        "deactivate by hand",
        (
            f"{ENTERING}deactivate_holds_until_the_project_is_left",
            f"{ENTERING}deactivate_in_one_project_says_nothing_about_another",
            f"{ENTERING}a_function_named_deactivate_of_the_users_own_stays",
        ),
    ),
    41: Line(
        "root with a user's home",
        (
            f"{ATTACKS}root_with_the_home_of_a_user_enters_nothing_of_theirs",
            f"{ATTACKS}a_snippet_of_another_user_is_not_read",
            f"{ATTACKS}root_leaves_what_it_inherits_from_a_user",
            "test_hook::test_a_state_directory_that_others_may_write_to_is_not_read_by_any_shell",
        ),
    ),
    42: Line(
        "nothing grows",
        (
            f"{ENTERING}entering_again_and_again_grows_nothing",
            f"{ENTERING}reading_the_startup_file_again_changes_nothing",
        ),
    ),
    43: Line(
        "names of directories",
        (
            f"{ENTERING}a_project_may_have_any_name",
            f"{ENTERING}places_that_are_no_project_are_silent",
            f"{ATTACKS}a_directory_that_spells_a_path_of_the_state_is_no_project",
        ),
        "`:` and a line break are refused at creation, tests/e2e",
    ),
    44: Line("names in the prompt", (f"{ENTERING}the_prompt_shows_a_name_and_never_runs_it",)),
    45: Line(
        "names of variables that no repository may set",
        (
            "test_env_file::test_a_dangerous_name_that_stands_alone_is_refused_as_well",
            "e2e/test_trust::test_a_variable_that_no_repository_may_set_is_refused_with_its_line",
        ),
    ),
    46: Line("values of any bytes", (f"{ENTERING}values_arrive_exactly", IDENTITY)),
    47: Line(
        "a project behind a link",
        (
            f"{ENTERING}a_project_that_is_reached_through_a_link_is_entered_by_both_names",
            f"{PYVE}a_project_that_is_reached_through_a_link_is_entered",
        ),
    ),
    48: Line(
        "file systems that do not tell case apart",
        (f"{ENTERING}another_case_of_a_name_is_the_same_project",),
        "skipped where names differ by case; macOS runs it",
    ),
    49: Line(
        "an environment that is not there",
        (
            f"{ELSEWHERE}an_environment_that_is_not_there_is_said_once_and_changes_nothing",
            f"{ELSEWHERE}an_environment_that_is_deleted_while_it_is_active_is_left_as_ever",
        ),
    ),
    50: Line(
        "a project that was moved or copied",
        (
            f"{ENTERING}a_copied_project_is_not_entered",
            f"{ENTERING}a_moved_project_is_not_entered",
            f"{PYVE}a_project_that_has_moved_is_not_entered_until_its_owner_says_so",
        ),
    ),
    51: Line(
        "pyve is gone or of another version",
        (
            f"{ELSEWHERE}leaving_needs_neither_pyve_nor_its_state",
            f"{ELSEWHERE}a_snippet_of_another_version_is_said_once_and_not_entered",
            f"{ELSEWHERE}pyve_that_cannot_be_started_is_no_error",
            f"{INHERITED}a_child_leaves_what_it_inherits_when_pyve_is_gone",
        ),
    ),
    52: Line(
        "two terminals at once; a state directory that is missing or read-only",
        (
            f"{PYVE}two_builds_at_once_leave_every_shell_in_the_one_that_is_in_use",
            f"{PYVE}a_state_directory_that_cannot_be_written_is_no_error_at_the_prompt",
            f"{ELSEWHERE}many_terminals_follow_the_same_change",
            f"{ELSEWHERE}a_missing_state_directory_is_no_error",
            f"{ELSEWHERE}a_damaged_generation_is_no_error",
        ),
    ),
    53: Line(
        "a project on a network",
        (
            f"{ELSEWHERE}a_network_project_is_not_watched_until_the_next_cd",
            f"{COUNTED}a_prompt_tests_a_handful_of_files",
            "test_snippet_files::test_project_on_a_network_is_watched_on_cd_alone",
        ),
    ),
    54: Line(
        "many levels",
        (
            f"{COUNTED}nothing_is_started_by_prompts_and_cds",
            f"{ENTERING}twenty_five_levels_down_is_still_the_project",
        ),
    ),
    55: Line(
        "bash on Windows",
        reason="hooks are for the shells of a system, and on Windows that is PowerShell: snippets hold paths of the "
        "machine's own form, and no posix form of them is made",
    ),
    56: Line(
        "`run` gives what the shell gives",
        (
            f"{PYVE}run_gives_the_same_environment_as_the_shell",
            "test_shell_env::test_snippet_enters_the_environment_that_run_gives",
        ),
    ),
}
