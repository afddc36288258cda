"""How a person comes to the desk in a browser."""

from playwright.sync_api import Page, expect

PASSWORD = "a long enough password"


def sign_in(page: Page, server, name: str = "ana") -> None:
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
