# SPDX-License-Identifier: AGPL-3.0-or-later
"""The front: under which name, what goes where, and what it says with every page."""

from __future__ import annotations

import re
from typing import Any

from register.web.security import FRONT_HEADER, HEADERS
from schedule.addresses import Addresses
from schedule.editor_policy import EDITOR_POLICY
from tests.support.constants import ROOT
from tests.support.sam_template import (
    RESOURCES,
    TEMPLATE,
    WITHOUT_DOMAIN,
    chosen,
    filled,
    of_type,
    properties,
)

_DISTRIBUTION = "Front.DomainName"


def front(**changes: str) -> dict[str, Any]:
    """Return the distribution as it is made with some parameters."""
    found: dict[str, Any] = chosen(properties("Front")["DistributionConfig"], **changes)
    return found


def test_with_a_name_of_its_own_the_site_is_there_and_under_no_other() -> None:
    assert front()["Aliases"] == [{"Ref": "SiteDomain"}]
    assert front()["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert filled(TEMPLATE["Outputs"]["SiteUrl"]["Value"]) == "https://trainings.migrant.ca.gov"


def test_without_a_domain_the_site_is_at_cloudfront_s_own_name() -> None:
    plain = front(**WITHOUT_DOMAIN)

    assert "Aliases" not in plain
    assert plain["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert filled(TEMPLATE["Outputs"]["SiteUrl"]["Value"], **WITHOUT_DOMAIN) == f"https://{_DISTRIBUTION}"


def referred(value: Any) -> set[str]:
    """Return the resources that a value speaks of."""
    if isinstance(value, dict):
        if "Ref" in value:
            return {value["Ref"]}
        if "Fn::GetAtt" in value:
            return {value["Fn::GetAtt"][0]}
        if "Fn::Sub" in value:
            return set(re.findall(r"\$\{(\w+)[.}]", value["Fn::Sub"]))
        return set().union(*map(referred, value.values()))
    return set().union(*map(referred, value)) if isinstance(value, list) else set()


def test_the_front_can_be_made_before_the_functions_which_are_told_its_name() -> None:
    shared = referred(TEMPLATE["Globals"]["Function"])
    assert "Front" in shared
    functions = set(of_type("AWS::Serverless::Function"))

    seen, left = set(), {"Front"}
    while left:
        seen |= left
        left = set().union(*(referred(RESOURCES[name].get("Properties", {})) for name in left))
        left = (left & RESOURCES.keys()) - seen
    assert {"Api", "Site"} <= seen
    assert seen & functions == set()


def test_there_is_a_front_before_there_is_a_package_and_nothing_in_it_needs_one() -> None:
    """Only what has the condition may speak of what has it."""
    waits = {name for name, one in RESOURCES.items() if one.get("Condition") == "HasCode"}

    for name in RESOURCES.keys() - waits:
        assert referred(RESOURCES[name].get("Properties", {})) & waits == set(), name
    for name, output in TEMPLATE["Outputs"].items():
        assert referred(output) & waits == set(), name
    assert set(of_type("AWS::Serverless::Function")) < waits


def test_every_path_is_served_from_where_it_is() -> None:
    behaviors = front()["CacheBehaviors"]
    at = Addresses("")

    assert [(one["PathPattern"], one["TargetOriginId"]) for one in behaviors] == [
        (at.status, "function"),
        ("/register/*", "function"),
        ("*.ics", "site"),
        ("/edit/*", "site"),
        ("/es/edit/*", "site"),
    ]
    assert front()["DefaultCacheBehavior"]["TargetOriginId"] == "site"


def test_the_editor_has_a_policy_of_its_own_and_is_found_by_no_search_engine() -> None:
    config = properties("FrontEditorHeaders")["ResponseHeadersPolicyConfig"]
    said, pages = config["SecurityHeadersConfig"], properties("FrontHeaders")["ResponseHeadersPolicyConfig"]

    assert said["ContentSecurityPolicy"] == {"ContentSecurityPolicy": EDITOR_POLICY, "Override": True}
    assert config["CustomHeadersConfig"]["Items"] == [
        {"Header": "X-Robots-Tag", "Value": "noindex", "Override": True}
    ]
    same = ("ContentTypeOptions", "StrictTransportSecurity")
    assert {name: said[name] for name in same} == {
        name: pages["SecurityHeadersConfig"][name] for name in same
    }
    default = front()["DefaultCacheBehavior"]
    for behavior in front()["CacheBehaviors"][3:]:
        assert behavior == default | {
            "PathPattern": behavior["PathPattern"],
            "ResponseHeadersPolicyId": {"Ref": "FrontEditorHeaders"},
        }


def test_the_front_sends_visitors_to_the_function_with_the_secret_and_keeps_nothing_personal() -> None:
    made = front()
    origins = {origin["Id"]: origin for origin in made["Origins"]}
    status, function, *_ = made["CacheBehaviors"]

    assert origins["function"]["OriginCustomHeaders"] == [
        {"HeaderName": FRONT_HEADER, "HeaderValue": {"Ref": "OriginSecret"}}
    ]
    assert origins["function"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert (function["PathPattern"], function["TargetOriginId"]) == ("/register/*", "function")
    assert "POST" in function["AllowedMethods"]
    # Amazon's own policies: CachingDisabled, AllViewerExceptHostHeader.
    assert function["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert function["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert (status["PathPattern"], status["AllowedMethods"]) == ("/register/status.json", ["GET", "HEAD"])
    cache = properties("FrontStatusCache")["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"], cache["MaxTTL"]) == (0, 0, 60)
    for behavior in (made["DefaultCacheBehavior"], status, function):
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behavior["ResponseHeadersPolicyId"] == {"Ref": "FrontHeaders"}


def test_the_front_shows_its_own_page_only_for_what_the_bucket_does_not_have() -> None:
    made = front()

    assert made["CustomErrorResponses"] == [
        {"ErrorCode": 403, "ResponseCode": 404, "ResponsePagePath": "/404.html", "ErrorCachingMinTTL": 60}
    ]
    answers = (ROOT / "functions/register/web/error_pages.py").read_text()
    assert not re.search(r"^\s+403,", answers, re.MULTILINE)


def test_the_front_says_of_the_pages_what_the_function_says_of_its_own() -> None:
    said = properties("FrontHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    ours = dict(HEADERS)

    assert said["ContentSecurityPolicy"] == {
        "ContentSecurityPolicy": ours["Content-Security-Policy"],
        "Override": False,
    }
    assert said["FrameOptions"] == {"FrameOption": ours["X-Frame-Options"], "Override": False}
    assert said["ReferrerPolicy"] == {"ReferrerPolicy": ours["Referrer-Policy"], "Override": False}
    assert ours["X-Content-Type-Options"] == "nosniff"
    assert said["ContentTypeOptions"] == {"Override": True}
    assert said["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000


def test_the_front_tells_calendar_programs_what_they_need_and_leaves_the_functions_own_alone() -> None:
    behaviors = front()["CacheBehaviors"]
    patterns = [behavior["PathPattern"] for behavior in behaviors]
    calendars = behaviors[patterns.index("*.ics")]

    # The first that fits is taken.
    assert patterns.index("/register/*") < patterns.index("*.ics")
    assert [one["EventType"] for one in calendars["FunctionAssociations"]] == ["viewer-response"]
    assert calendars["TargetOriginId"] == "site"
    default = front()["DefaultCacheBehavior"]
    same = ("CachePolicyId", "ResponseHeadersPolicyId", "ViewerProtocolPolicy", "AllowedMethods", "Compress")
    assert {name: calendars[name] for name in same} == {name: default[name] for name in same}
