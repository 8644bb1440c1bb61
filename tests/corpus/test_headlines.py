"""The findings that make the product worth having, each written down by hand.

What the SDKs lose or never offer is in tests/definitions/README.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.finding import Report, Verdict
from ormer.report.findings.actual import actual

ReportOf = Callable[[str], Report]
ActionOf = Callable[..., set[tuple[str, ...]]]
VOLUME = ("fail", "KMS-01", "ResourceConfig/VolumeKmsKeyId")
OUTPUT = ("fail", "KMS-02", "OutputDataConfig/KmsKeyId")
SUBNETS = ("fail", "NET-01", "VpcConfig/Subnets")
GROUPS = ("fail", "NET-02", "VpcConfig/SecurityGroupIds")
ISOLATION = ("fail", "NET-03", "EnableNetworkIsolation")
TRAFFIC = ("fail", "NET-04", "EnableInterContainerTrafficEncryption")
TAGS = ("fail", "TAG-01", "Tags")
LOST_BY_REPACKING = {VOLUME, ISOLATION, TRAFFIC, TAGS}
BARE_TRAINING = {VOLUME, OUTPUT, SUBNETS, GROUPS, ISOLATION, TRAFFIC, TAGS}

REPACK_STEPS = {
    "v2/model_create_repack_secure": "Create-RepackModel-0",
    "v2/register_model_repack_secure": "Register-RepackModel-0",
    "v2/condition_register_repack": "Good/IfSteps/Register-RepackModel-0",
    "v3/model_create_repack_secure": "Create-RepackModel-model-00000000",
    "v3/register_model_repack_secure": "Register-RepackModel-model-00000000",
    "v3/condition_register_repack": "Register-RepackModel-model-00000000",
}


@pytest.mark.parametrize("name", REPACK_STEPS)
def test_an_injected_repack_step_loses_volume_key_isolation_encryption_and_tags(
    name: str, action_of: ActionOf
) -> None:
    assert action_of(name, REPACK_STEPS[name]) == LOST_BY_REPACKING


def test_repack_settings_mend_it_in_v2(report_of: ReportOf) -> None:
    assert report_of("v2/register_model_repack_settings").passed()


def test_repack_settings_mend_only_the_tags_in_v3(action_of: ActionOf) -> None:
    found = action_of("v3/register_model_repack_settings", "Register-RepackModel-model-00000000")
    assert found == LOST_BY_REPACKING - {TAGS}


def test_a_repack_step_of_the_deprecated_form_keeps_its_tags(action_of: ActionOf) -> None:
    found = action_of("v2/legacy_collections_secure", "Register-RepackModel")
    assert found == LOST_BY_REPACKING - {TAGS}


def test_a_repack_step_of_a_loop_is_outside_of_it_and_reads_what_a_caller_names(
    action_of: ActionOf,
) -> None:
    model = ("fail", "S3-01", "InputDataConfig/0/DataSource/S3DataSource/S3Uri")
    found = action_of("v3/for_each_register_repack", "Register-RepackModel-model-00000000")
    assert found == LOST_BY_REPACKING | {model}


def test_v3_loses_a_tuning_jobs_volume_key_isolation_and_encryption(action_of: ActionOf) -> None:
    at = "TrainingJobDefinition/"
    assert action_of("v3/tuning_single_secure", "Tune") == {
        (verdict, control, at + place) for verdict, control, place in (VOLUME, ISOLATION, TRAFFIC)
    }


@pytest.mark.parametrize("name", ["v2/tuning_single_secure", "v2/tuning_multi_secure"])
def test_v2_keeps_them(name: str, report_of: ReportOf) -> None:
    assert report_of(name).passed()


def test_the_second_of_two_training_definitions_is_seen(action_of: ActionOf) -> None:
    at = "TrainingJobDefinitions/1/"
    found = action_of("v2/tuning_half_secure", "Tune")
    volume = ("fail", "KMS-01", "HyperParameterTuningResourceConfig/VolumeKmsKeyId")
    settings = {volume, OUTPUT, SUBNETS, GROUPS, ISOLATION, TRAFFIC}
    assert {(v, c, at + place) for v, c, place in settings} <= found
    assert all(place.startswith(at) for _, _, place in found), "and nothing of the first"


@pytest.mark.parametrize("line", ["v2", "v3"])
def test_a_step_in_a_nested_branch_gets_every_check(line: str, action_of: ActionOf) -> None:
    name = f"{line}/condition_nested"
    assert action_of(name, "CheckSize/IfSteps/CheckStage/ElseSteps/TrainBare") >= BARE_TRAINING
    assert action_of(name, "CheckSize/IfSteps/CheckStage/IfSteps/TrainSecure") == set()


def test_the_steps_of_a_loops_body_get_every_check(action_of: ActionOf) -> None:
    assert action_of("v3/for_each_bare", "Loop/ForEachBody/FitItem") >= BARE_TRAINING
    assert action_of("v3/for_each_secure", "Loop/ForEachBody/FitItem") == set()
    assert {c for _, c, _ in action_of("v3/for_each_bare", "Loop/ForEachBody/CleanItem")} >= {
        "NET-01",
        "NET-02",
        "NET-03",
        "NET-04",
        "KMS-01",
        "KMS-02",
        "TAG-01",
    }


def test_items_that_are_no_structures_leave_security_settings_unknown(action_of: ActionOf) -> None:
    found = action_of(
        "v3/for_each_current_item_in_security", "Gate/IfSteps/Loop/ForEachBody/FitItem"
    )
    assert {
        ("unknown", "NET-01", "VpcConfig/Subnets/0"),
        ("unknown", "KMS-01", "ResourceConfig/VolumeKmsKeyId"),
        ("unknown", "S3-01", "OutputDataConfig/S3OutputPath"),
    } <= found


CHECKS = [
    (line, name)
    for line in ("v2", "v3")
    for name in (
        "quality_check_data",
        "quality_check_model",
        "clarify_check_data_bias",
        "clarify_check_model_bias",
        "clarify_check_explainability",
    )
]


@pytest.mark.parametrize("line, name", CHECKS)
def test_the_job_of_a_check_is_a_job_like_any_other(
    line: str, name: str, action_of: ActionOf, report_of: ReportOf
) -> None:
    found = action_of(f"{line}/{name}_bare", "Check")
    assert {
        ("fail", "NET-01", "NetworkConfig/VpcConfig/Subnets"),
        ("fail", "NET-03", "NetworkConfig/EnableNetworkIsolation"),
        ("fail", "KMS-01", "ProcessingResources/ClusterConfig/VolumeKmsKeyId"),
        ("fail", "KMS-02", "ProcessingOutputConfig/KmsKeyId"),
    } <= found
    assert "CHK-01" in {control for _, control, _ in found}, "and the check is switched off"
    secure = {c for _, c, _ in action_of(f"{line}/{name}_secure", "Check")}
    known = {"IMG-01", "CMP-03"}  # AWS's own image, and a limit that v2 does not write
    if name in ("clarify_check_model_bias", "clarify_check_explainability"):
        known.add("NET-05")  # the model that is checked has a name and no step
    assert secure <= known


def test_debugger_profiler_checkpoint_and_tensorboard_paths_are_seen(action_of: ActionOf) -> None:
    found = action_of("v2/training_all_outputs_bare", "Train")
    assert {place for _, control, place in found if control == "S3-01"} >= {
        "OutputDataConfig/S3OutputPath",
        "CheckpointConfig/S3Uri",
        "DebugHookConfig/S3OutputPath",
        "ProfilerConfig/S3OutputPath",
        "TensorBoardOutputConfig/S3OutputPath",
    }
    assert "DBG-03" in {control for _, control, _ in found}


def test_the_debuggers_own_job_is_seen_although_everything_else_is_secure(
    action_of: ActionOf,
) -> None:
    found = action_of("v2/training_all_outputs_secure", "Train")
    assert ("fail", "DBG-03", "DebugRuleConfigurations") in found
    assert {control for _, control, _ in found} == {"DBG-03", "IMG-01", "RUN-01"}


def test_data_capture_asynchronous_output_and_core_dumps_need_keys(action_of: ActionOf) -> None:
    v2, v3 = (action_of(f"{line}/endpoint_bare", "Configure") for line in ("v2", "v3"))
    capture = ("fail", "KMS-03", "DataCaptureConfig/KmsKeyId")
    answers = ("fail", "KMS-03", "AsyncInferenceConfig/OutputConfig/KmsKeyId")
    dumps = ("fail", "KMS-03", "ProductionVariants/0/CoreDumpConfig/KmsKeyId")
    assert {capture, answers} <= v2 and {capture, answers, dumps} <= v3
    assert ("fail", "KMS-03", "DataCaptureConfig/KmsKeyId") in action_of(
        "v2/transform_bare", "Transform"
    )


def test_dataset_extracts_need_keys(action_of: ActionOf) -> None:
    found = action_of("v2/processing_dataset_definitions_bare", "Process")
    assert {place.split("/")[-2] for _, control, place in found if control == "KMS-03"} == {
        "AthenaDatasetDefinition",
        "RedshiftDatasetDefinition",
    }


@pytest.mark.parametrize("line", ["v2", "v3"])
def test_a_transform_job_is_judged_by_its_model(
    line: str, action_of: ActionOf, report_of: ReportOf
) -> None:
    assert "NET-05" in {c for _, c, _ in action_of(f"{line}/transform_bare", "Transform")}
    assert report_of(f"{line}/transform_secure").passed()
    (unknown,) = action_of(f"{line}/transform_existing_model", "Transform")
    assert unknown == ("unknown", "NET-05", "ModelName")


COUNTEREXAMPLES = {
    "CMP-02": ("{Count}", "with Count='999999999'"),
    "KMS-01": ("{VolumeKey}", "with VolumeKey='ormer-counterexample'"),
    "NET-02": ("{Group}", "with Group='ormer-counterexample'"),
    "NET-03": ("{Isolate}", "with Isolate='false'"),
    "NET-04": ("{Encrypt}", "with Encrypt='false'"),
    "IMG-01": ("{Image}", "with Image='ormer-counterexample'"),
}


@pytest.mark.parametrize("line", ["v2", "v3"])
@pytest.mark.parametrize("control", COUNTEREXAMPLES)
def test_a_setting_that_a_caller_can_override_fails_with_a_counterexample(
    control: str, line: str, report_of: ReportOf
) -> None:
    shown, choice = COUNTEREXAMPLES[control]
    flag_in_v3 = line == "v3" and control in ("NET-03", "NET-04")  # its trainer takes no parameter
    (finding,) = [
        f
        for f in report_of(f"{line}/parameters_in_security").findings
        if f.control == control
        and f.subject == ("Process" if flag_in_v3 else "Train")
        and f.needs_action
    ]
    assert finding.verdict is Verdict.FAIL
    assert actual(finding) == shown and choice in finding.message


@pytest.mark.parametrize("line", ["v2", "v3"])
@pytest.mark.parametrize("control", ["NET-01", "S3-01"])
def test_an_enum_and_a_fixed_bucket_make_a_parameter_safe(
    control: str, line: str, report_of: ReportOf
) -> None:
    verdicts = {
        f.verdict
        for f in report_of(f"{line}/parameters_in_security").findings
        if f.control == control
    }
    assert verdicts == {Verdict.PASS}


def test_the_usual_pipeline_leaves_these_decisions_to_whoever_starts_it(
    report_of: ReportOf,
) -> None:
    findings = [f for f in report_of("v2/abalone").findings if f.needs_action]
    assert {(f.control, f.subject) for f in findings} == {
        ("CMP-01", "TrainAbaloneModel"),
        ("CMP-02", "PreprocessAbaloneData"),
        ("CMP-03", "PreprocessAbaloneData"),
        ("CMP-03", "EvaluateAbaloneModel"),
        ("S3-01", "PreprocessAbaloneData"),
        ("REG-01", "CheckMSE/IfSteps/Register-RegisterModel"),
        ("REG-02", "CheckMSE/IfSteps/Register-RegisterModel"),
        ("RUN-01", "PreprocessAbaloneData"),
        ("RUN-01", "TrainAbaloneModel"),
    }


@pytest.mark.parametrize("line", ["v2", "v3"])
def test_functions_queues_and_clusters_that_nobody_listed(line: str, action_of: ActionOf) -> None:
    assert action_of(f"{line}/lambda_step", "Notify") == {
        ("fail", "EXT-01", "/Steps/0/FunctionArn")
    }
    assert {c for _, c, _ in action_of(f"{line}/callback_step", "Approve")} == {"EXT-02"}
    assert {c for _, c, _ in action_of(f"{line}/emr_cluster_id_secure", "Emr")} == {"EXT-03"}
    assert "EXT-04" in {c for _, c, _ in action_of(f"{line}/emr_cluster_config_secure", "Emr")}


def test_a_job_whose_text_takes_a_free_parameter_is_never_taken_for_secure(
    report_of: ReportOf,
) -> None:
    """A caller's text for Dataset may close the string it stands in and go on with members."""
    for name in ("v3/job_secure", "v3/job_bare"):
        findings = report_of(name).findings
        for control in ("NET-01", "NET-02", "KMS-02", "KMS-03", "S3-01"):
            (*_, found) = (f for f in findings if f.control == control)
            assert found.verdict in (Verdict.FAIL, Verdict.UNKNOWN), control
            assert "Dataset" in found.message
        beside = [f for f in findings if f.control == "ROLE-01" and f.place[-1] == "RoleArn"]
        assert [f.verdict for f in beside] == [Verdict.PASS], "what is beside the text is known"


SECURE = {
    "Training": {"v2": "training_secure", "v3": "training_secure"},
    "Transform": {"v2": "transform_secure", "v3": "transform_secure"},
    "Endpoint": {"v2": "endpoint_secure", "v3": "endpoint_secure"},
    "RegisterModel": {"v2": "register_model_secure", "v3": "register_model_secure"},
    "Model": {"v2": "model_create_secure", "v3": "model_create_secure"},
}


@pytest.mark.parametrize("line", ["v2", "v3"])
@pytest.mark.parametrize("kind", SECURE)
def test_a_document_that_sets_everything_passes_everything(
    kind: str, line: str, report_of: ReportOf
) -> None:
    report = report_of(f"{line}/{SECURE[kind][line]}")
    assert report.passed(), [(f.control, f.message) for f in report.findings if f.needs_action]


def bare_jobs(report: Report) -> dict[str, set[str]]:
    jobs: dict[str, set[str]] = {}
    for finding in report.findings:
        if finding.needs_action:
            jobs.setdefault(finding.subject, set()).add(finding.control)
    return jobs


BARE: dict[str, tuple[str, set[str]]] = {
    "processing_bare": ("Process", {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"}),
    "training_bare": ("Train", {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"}),
    "tuning_single_bare": ("Tune", {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"}),
    "transform_bare": ("Transform", {"NET-05", "KMS-01", "KMS-02", "KMS-03"}),
    "register_model_bare": ("Train", {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"}),
    "function_step_bare": ("Fit", {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"}),
    "endpoint_bare": ("Configure", {"NET-05", "KMS-01", "KMS-03"}),
}


@pytest.mark.parametrize("line", ["v2", "v3"])
@pytest.mark.parametrize("name", BARE)
def test_a_document_that_sets_nothing_fails_every_setting(
    name: str, line: str, report_of: ReportOf
) -> None:
    subject, controls = BARE[name]
    missing: Any = (controls | {"TAG-01"}) - bare_jobs(report_of(f"{line}/{name}"))[subject]
    assert not missing
