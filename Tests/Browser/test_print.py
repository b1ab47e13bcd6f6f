"""What comes out on paper."""

from playwright.sync_api import expect

from test_two_people import panel, title


def test_an_open_task_is_printed_alone(page, ada):
    ada.add("Buy milk")
    task = ada.add("Write the report", description="Three pages")
    for width in (1280, 700):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{page.url.split('?')[0]}?task={task['id']}")
        expect(title(page)).to_have_value("Write the report")
        page.emulate_media(media="print")
        expect(panel(page)).to_be_visible()
        assert panel(page).bounding_box()["x"] == 0
        expect(page.get_by_text("Buy milk")).to_be_hidden()
        page.emulate_media(media="screen")
        expect(panel(page)).to_be_visible()
    page.goto(page.url.split("?")[0])
    page.emulate_media(media="print")
    expect(page.get_by_text("Buy milk")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
