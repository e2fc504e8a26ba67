"""What can go wrong with people, organizations and tokens; every text may be shown to the one who asked.

AccountError
├── InvalidEmail
├── InvalidUserSettings
├── InvalidProfile
├── InvalidCoreToken
├── InvalidConsoleToken
├── InvalidCliToken
├── InvalidIdToken
├── IdentityProviderAway
├── InvalidRole
├── NotAllowed
├── FieldError
│   ├── InvalidOrganization
│   └── InvalidCliKey
├── TooManyRequests
├── OrganizationInUse
├── LastOwner
├── AlreadyMember
├── MemberGone
├── DeletionError
│   ├── DeletionNotFound
│   ├── DeletionForSomebodyElse
│   ├── StillNeeded
│   ├── WrongCode
│   └── DeletionNotMailed
└── InvitationError
    ├── InvitationNotFound
    ├── InvitationForSomebodyElse
    ├── InvitationUsed
    ├── InvitationRescinded
    ├── InvitationExpired
    ├── AlreadyInvited
    ├── TooManyInvitations
    └── InvitationNotMailed
"""

from typing import ClassVar


class AccountError(ValueError):
    """A request about an account cannot be fulfilled; `message` is a plain sentence, `code` names the case."""

    code: ClassVar[str] = "ACCOUNT_ERROR"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidEmail(AccountError):
    """The text is not an e-mail address we can use as a user id."""

    code = "INVALID_EMAIL"


class InvalidUserSettings(AccountError):
    """The changes to a user's settings cannot be stored."""

    code = "INVALID_USER_SETTINGS"


class InvalidProfile(AccountError):
    """What a person would say about themselves cannot be stored."""

    code = "INVALID_PROFILE"


class DeletionError(AccountError):
    """An account is not deleted."""

    code = "DELETION_ERROR"


class DeletionNotFound(DeletionError):
    """Nobody asked for this deletion, or it was asked for anew."""

    code = "DELETION_NOT_FOUND"


class DeletionForSomebodyElse(DeletionError):
    """Another person asked for this deletion."""

    code = "DELETION_FOR_SOMEBODY_ELSE"


class StillNeeded(DeletionError):
    """Other people's organizations would be left without an owner."""

    code = "STILL_NEEDED"


class WrongCode(DeletionError):
    """The code is not the one that was mailed, or it holds no more."""

    code = "WRONG_CODE"


class DeletionNotMailed(DeletionError):
    """The mail with the code could not be sent."""

    code = "DELETION_NOT_MAILED"


class InvalidCoreToken(AccountError):
    """A core token is not acceptable; `message` is the text of glasses-socket §1."""

    code = "INVALID_CORE_TOKEN"


class InvalidConsoleToken(AccountError):
    """Neither a console token nor a core token (rest §1)."""

    code = "INVALID_CONSOLE_TOKEN"


class InvalidCliToken(AccountError):
    """The token of a command line is not acceptable (rest §11)."""

    code = "INVALID_CLI_TOKEN"


class InvalidIdToken(AccountError):
    """The token of an identity provider is not acceptable; why is nobody's business (rest §3)."""

    code = "INVALID_ID_TOKEN"

    def __init__(self) -> None:
        super().__init__("Invalid or expired token")


class IdentityProviderAway(AccountError):
    """An identity provider does not answer, so nobody can tell whether its token is good."""

    code = "IDENTITY_PROVIDER_AWAY"

    def __init__(self) -> None:
        super().__init__("The identity provider does not answer. Try again in a moment.")


class InvalidRole(AccountError):
    """No role has this name."""

    code = "INVALID_ROLE"


class NotAllowed(AccountError):
    """The role of whoever asked does not allow it."""

    code = "NOT_ALLOWED"


class OrganizationInUse(AccountError):
    """An organization that has apps cannot be deleted."""

    code = "ORGANIZATION_IN_USE"


class LastOwner(AccountError):
    """The last owner can be neither demoted nor removed, and cannot leave."""

    code = "LAST_OWNER"


class AlreadyMember(AccountError):
    """Who was invited belongs to the organization already."""

    code = "ALREADY_MEMBER"


class MemberGone(AccountError):
    """The member has left or was removed meanwhile."""

    code = "MEMBER_GONE"


class FieldError(AccountError):
    """A value is not acceptable; `field` is the model's name of it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class InvalidOrganization(FieldError):
    """What an organization should say about itself cannot be stored."""

    code = "INVALID_ORGANIZATION"


class InvalidCliKey(FieldError):
    """A key of the command line cannot be made or named like this."""

    code = "INVALID_CLI_KEY"


class InvitationError(AccountError):
    """An invitation cannot be sent or accepted."""

    code = "INVITATION_ERROR"


class InvitationNotFound(InvitationError):
    """No invitation has this token or address."""

    code = "INVITATION_NOT_FOUND"


class InvitationForSomebodyElse(InvitationError):
    """The invited address is not the one of whoever accepts."""

    code = "INVITATION_FOR_SOMEBODY_ELSE"


class InvitationUsed(InvitationError):
    """The invitation was accepted before."""

    code = "INVITATION_USED"


class InvitationRescinded(InvitationError):
    """The invitation was taken back."""

    code = "INVITATION_RESCINDED"


class InvitationExpired(InvitationError):
    """The invitation's time is over."""

    code = "INVITATION_EXPIRED"


class AlreadyInvited(InvitationError):
    """The address has an invitation that is still good."""

    code = "ALREADY_INVITED"


class TooManyInvitations(InvitationError):
    """Too many mails in too short a time."""

    code = "TOO_MANY_INVITATIONS"


class InvitationNotMailed(InvitationError):
    """The invitation stands, but its mail could not be sent."""

    code = "INVITATION_NOT_MAILED"


class TooManyRequests(AccountError):
    """A person did one thing too often; it works again after `retry_after_seconds`."""

    code = "TOO_MANY_REQUESTS"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
