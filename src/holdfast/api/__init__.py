"""The JSON face: resources below /api/v1, problems as RFC 9457, and the OpenAPI document of both."""
