"""The discovery document of Intuit's sign-in, and its scopes."""

SCOPES = {
    "com.intuit.quickbooks.accounting",
    "com.intuit.quickbooks.payment",
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "project-management.project",
    "app-foundations.custom-field-definitions",
    "app-foundations.custom-field-definitions.read",
    "indirect-tax.tax-calculation.quickbooks",
    "payroll.compensation.read",
}


def document(base, public_url=""):
    """The discovery document; all addresses start with ``base``.

    The consent page is opened by a browser, which may know another address.
    """
    return {
        "issuer": f"{base}/op/v1",
        "authorization_endpoint": f"{public_url or base}/connect/oauth2",
        "token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{base}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": sorted(SCOPES),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "client_secret_basic",
        ],
    }
