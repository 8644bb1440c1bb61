"""What holds of every request that can exist: its resource, its account, its keys, its way to AWS.

Sources: "AWS global condition context keys" in the IAM User Guide; the ARN formats of the Service
Authorization Reference; what the API asks for (``facts.feasible``, told by ``request_space``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.principal import Kind
from ormer.prove.arns import changes_policy, resources_of, role_arns
from ormer.prove.formula import Formula, all_of, any_of, implies, negation, same
from ormer.prove.pattern import arn_format, arn_of, folded, literal, only_text
from ormer.prove.views import FIRST, OTHER, RESOURCE, SECOND, Request

_VPC_KEYS = ("aws:sourcevpc", "aws:vpcsourceip")
_REGION, _REGIONAL = "aws:requestedregion", ("sagemaker", "kms")
_TAG, _TAG_KEYS = "aws:requesttag/", "aws:tagkeys"
_ACCOUNT_KEYS = ("aws:resourceaccount", "s3:resourceaccount")


def axioms(request: Request) -> Formula:
    """What holds of every request that can exist: its resource, its keys, its way to AWS."""
    parts = (_resource(request), _managed(request), _principal(request), _way(request))
    return all_of((*parts, *_members(request)))


def _resource(request: Request) -> Formula:
    space, matches = request.space, request.atoms.matches
    if space.arns is None:
        return True
    if not space.arns:
        return matches(RESOURCE, literal("*"))
    own = space.principal.account
    foreign = request.foreign
    kinds: list[Formula] = []
    if space.may_be_without:
        kinds.append(all_of((negation(foreign), matches(RESOURCE, literal("*")))))
    for text in space.arns:
        anywhere = matches(RESOURCE, arn_format(text, space.partition, ""))
        if text.split(":")[4] != "*":
            kinds.append(anywhere)
            continue
        here = matches(RESOURCE, arn_format(text, space.partition, own))
        kinds.append(all_of((negation(foreign), here)))
        kinds.append(all_of((foreign, anywhere, negation(here))))
        kinds += _of_aws(request, text)
    owned = [matches(RESOURCE, each) for one in space.owned for each in resources_of(one)]
    others = [matches(RESOURCE, each) for one in space.of_others for each in resources_of(one)]
    return all_of(
        (
            any_of(kinds),
            *(implies(foreign, negation(each)) for each in owned),
            *(implies(each, foreign) for each in others),
        )
    )


def _of_aws(request: Request, text: str) -> Iterator[Formula]:
    """What AWS itself has: public hubs and managed policies, with ``aws`` as the account, and
    public parameters of Systems Manager, without any. Of IAM it has policies alone, of SageMaker
    hubs and what is in them."""
    space = request.space
    parts = text.split(":", 5)
    service = parts[2]
    is_policy = parts[5].startswith("policy/") and not changes_policy(space.action)
    if service == "iam" and not is_policy:
        return
    if service == "sagemaker" and not parts[5].startswith("hub"):
        return
    for owner in ("aws", "") if service == "ssm" else ("aws",):
        named = arn_format(":".join((*parts[:4], owner, parts[5])), space.partition, "")
        is_its = request.foreign if owner and service != "iam" else True
        yield all_of((is_its, request.atoms.matches(RESOURCE, named)))


def _managed(request: Request) -> Formula:
    """An ARN with the management account in it is its, one with another account is not; so says
    the key of the resource's account."""
    account = request.management_account
    if not account:
        return True
    managed, matches = request.managed_by(account), request.atoms.matches
    its, of_any = arn_of(f"*:*:*:*:{account}:*"), arn_of("*:*:*:*:?*:*")
    is_its = matches(RESOURCE, its)
    found = [
        implies(is_its, managed),
        implies(all_of((managed, matches(RESOURCE, of_any))), is_its),
    ]
    for key in _ACCOUNT_KEYS:
        for where, variable in request.really(key).single:
            found.append(implies(where, same(matches(variable, literal(account)), managed)))
    return all_of(found)


def links(request: Request) -> Formula:
    """What ties keys to each other and to the resource, as far as they are asked for: to be added
    again when more is asked of the request."""
    return all_of((_accounts(request), *_regions(request), *_tags(request)))


def _regions(request: Request) -> Iterator[Formula]:
    """A call goes to the region that the resource's ARN names, as far as a policy asks which it is
    ("AWS global condition context keys", aws:RequestedRegion), of services whose requests name no
    resource of another region."""
    matches, asked = request.atoms.matches, dict(request.all_really())
    service = request.space.action.partition(":")[0].lower()
    if not request.space.arns or _REGION not in asked or service not in _REGIONAL:
        return
    named = matches(RESOURCE, arn_of("*:*:*:?*:*:*"))
    for where, variable in asked[_REGION].single:
        for number in list(request.atoms.of_variable.get(variable, ())):
            pattern = request.atoms.by_number[number].pattern
            text = None if pattern is None else only_text(pattern)
            if text is not None and not set(text) & set(":*?"):
                its = matches(RESOURCE, arn_of(f"*:*:*:{text}:*:*"))
                yield implies(all_of((where, named)), same(its, number))


def _tags(request: Request) -> Iterator[Formula]:
    """A tag's name among those of the request's tags means that the tag is there, whatever its
    case, and a tag means that there are names ("Controlling access to AWS resources using tags" in
    the IAM User Guide), of an action that has both keys."""
    space, asked = request.space, dict(request.all_really())
    if space.arns is None or space.key(_TAG_KEYS) is None or _TAG_KEYS not in asked:
        return
    for key, view in asked.items():
        name = key.removeprefix(_TAG)
        if name == key or not name or space.key(key) is None:
            continue
        yield implies(view.present, asked[_TAG_KEYS].present)
        for where, variable in asked[_TAG_KEYS].places:
            named = all_of((where, request.atoms.matches(variable, folded(name))))
            yield implies(named, view.present)


def _accounts(request: Request) -> Formula:
    """The key of the resource's account says what the ARN says, as far as accounts are named. For
    a managed policy of AWS, which has ``aws`` there, nobody documents what it says."""
    matches = request.atoms.matches
    found: list[Formula] = []
    if not request.space.arns:
        return True
    for key in _ACCOUNT_KEYS:
        for where, variable in request.really(key).single:
            named = matches(RESOURCE, arn_of("*:*:*:*:?*:*"))
            managed = _managed_by_aws(request)
            for number in list(request.atoms.of_variable.get(variable, ())):
                pattern = request.atoms.by_number[number].pattern
                text = None if pattern is None else only_text(pattern)
                if text is not None and text.isdigit():
                    its = matches(RESOURCE, arn_of(f"*:*:*:*:{text}:*"))
                    said = all_of((where, named, negation(managed)))
                    found.append(implies(said, same(its, number)))
    return all_of(found)


def _managed_by_aws(request: Request) -> Formula:
    """Where the resource is one of AWS's managed policies."""
    if request.space.action.partition(":")[0].lower() != "iam":
        return False
    return request.atoms.matches(RESOURCE, arn_of("*:*:iam:*:aws:*"))


def _principal(request: Request) -> Formula:
    """A session is known by its role's ARN, which may have any path."""
    one = request.space.principal
    if one.kind is not Kind.SESSION or "aws:principalarn" in request.space.fixed:
        return True
    forms = role_arns(one)
    return all_of(
        implies(where, any_of(request.atoms.matches(name, form) for form in forms))
        for where, name in request.really("aws:principalarn").single
    )


def _way(request: Request) -> Formula:
    """Through the listed endpoint, another one, or none; by another service, not through the
    listed one. That a service has no endpoint of its own is not documented."""
    route = request.space.route
    other = request.atoms.switch(OTHER)
    listed = request.listed
    found: list[Formula] = [implies(listed, negation(other))]
    through = any_of((listed, other))
    endpoint = request.really("aws:sourcevpce")
    for where, variable in endpoint.single:
        own = request.atoms.matches(variable, literal(route.endpoint)) if route.endpoint else False
        ids = [request.atoms.matches(variable, literal(each)) for each in route.listed]
        found += [same(where, through), implies(listed, own)]
        found += [implies(all_of((other, where)), negation(each)) for each in ids]
    for key in _VPC_KEYS:
        found.append(implies(request.really(key).present, through))
    found.append(implies(request.really("aws:sourceip").present, negation(through)))
    for where, variable in request.really("aws:viaawsservice").single:
        by_service = all_of((where, request.atoms.matches(variable, literal("true"))))
        found.append(implies(by_service, negation(listed)))
        for key in ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"):
            found.append(implies(request.really(key).present, by_service))
    for key in _ACCOUNT_KEYS:
        for where, variable in request.really(key).single:
            own_account = request.atoms.matches(variable, literal(request.space.principal.account))
            known = all_of((where, negation(_managed_by_aws(request))))
            found.append(implies(known, same(own_account, negation(request.foreign))))
    return all_of(found)


def _members(request: Request) -> list[Formula]:
    """Which keys the API lets be missing, in each definition."""
    space = request.space
    found: list[Formula] = []
    for definition in (FIRST, SECOND) if space.has_definitions else (FIRST,):

        def there(key: str, definition: str = definition) -> Formula:
            return request.really(key, definition).present

        found += [there(key) for key in sorted(space.required)]
        for group in space.together:
            first, *rest = sorted(group)
            found += [same(there(first), there(each)) for each in rest]
        found += [implies(there(one), there(other)) for one, other in space.implied]
    return found
