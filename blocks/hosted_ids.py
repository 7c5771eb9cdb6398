"""Every id of hosted sessions that goes to Slack and comes back. Never rename one that was sent."""

from enum import StrEnum


class HostedIds(StrEnum):
    """action_id, block_id and callback_id of the views and messages of hosted sessions."""

    # messages to hosts, supporters and colleagues; the value is "<subject>.<message>"
    ACCEPT = "hosted.invitation.accept"
    DECLINE = "hosted.invitation.decline"
    JOIN = "hosted.invitation.join"
    ROOM = "hosted.room.open"  # links: nothing has to follow a press
    PAY = "hosted.pay.open"
    CALENDAR = "hosted.calendar.open"
    ADMIT = "hosted.guest.admit"
    GIVE_BACK = "hosted.session.give_back"
    TOOK_PLACE = "hosted.session.took_place"
    ORIENT_ACCEPT = "hosted.orientation.accept"
    ORIENT_SUGGEST = "hosted.orientation.suggest"
    ORIENT_SUGGEST_SAVE = "hosted.orientation.suggested"
    ORIENT_DECLINE = "hosted.orientation.decline"
    ORIENT_DECLINE_SAVE = "hosted.orientation.declined"

    # the dashboard: the value is a session's or participant's id
    AREA = "hosted.board.open"
    BACK = "hosted.board.back"
    PREVIOUS = "hosted.board.previous"
    NEXT = "hosted.board.next"
    PAST = "hosted.board.past"
    UPCOMING = "hosted.board.upcoming"
    EVERYBODY = "hosted.board.everybody"
    SESSION_MENU = "hosted.session.menu"  # the value of an option is "<what>.<session>"
    TILE_MENU = "hosted.tile.menu"  # the value of an option is "<what>.<participant>"
    OPEN_SESSION = "hosted.session.open"
    SESSION_VIEW = "hosted.session.view"
    CODE_VIEW = "hosted.code.view"
    WHY = "hosted.tile.why"
    WHY_VIEW = "hosted.why.view"
    UNDO = "hosted.session.undo"
    MOVE = "hosted.session.move"  # [Reschedule] in messages
    MOVE_SAVE = "hosted.session.moved"
    AGAIN = "hosted.session.again"  # [Schedule Next] in messages
    HOST_SAVE = "hosted.host.save"
    CANCEL_SAVE = "hosted.session.cancelled"
    REMOVE_SAVE = "hosted.session.removed"
    PERSON_REMOVE_SAVE = "hosted.guest.removed"
    WAIVE_SAVE = "hosted.bill.waived"
    REFUND_SAVE = "hosted.bill.refunded"
    DELIVERY = "hosted.delivery.open"  # the value is "<mine or all>.<page>"
    DELIVERY_VIEW = "hosted.delivery.view"
    DELIVERY_PREVIOUS = "hosted.delivery.previous"
    DELIVERY_NEXT = "hosted.delivery.next"
    EXPORT = "hosted.export.open"
    EXPORT_SAVE = "hosted.export.save"

    # forms
    NEW_SHORTCUT = "hosted.new"  # the global shortcut [New session]
    NEW_NOW = "hosted.now.open"
    NEW_SCHEDULED = "hosted.scheduled.open"
    NEW_ORIENTATION = "hosted.orientation.open"
    ORIENTATION_SAVE = "hosted.orientation.save"
    DRAFT = "hosted.draft.open"
    TIME_SAVE = "hosted.time.save"  # step 1 of a scheduled session
    FORM_SAVE = "hosted.form.save"  # the participant's form: of a new session, or of one more
    CONTACT = "hosted.contact.search"
    CHANNEL = "hosted.channel.choose"
    ZONE = "hosted.zone.search"
    TIME_BACK = "hosted.time.back"  # [Back] in step 2
    PAYMENT = "hosted.payment.require"
    PAYMENT_OFF = "hosted.payment.drop"
    SERVICE = "hosted.service.choose"
    ADD = "hosted.guest.open"  # [Add Participant]; the value is the session's id
    EDIT = "hosted.guest.edit"  # [Edit Participant] in messages
    EDIT_SAVE = "hosted.guest.save"
    SHOW_CODE = "hosted.code.show"  # [Show Access Code] in messages
    SESSION_EDIT_SAVE = "hosted.session.save"

    # contacts, services and settings
    CONTACTS = "hosted.contacts.open"
    CONTACTS_VIEW = "hosted.contacts.view"
    CONTACTS_PREVIOUS = "hosted.contacts.previous"
    CONTACTS_NEXT = "hosted.contacts.next"
    CONTACT_DELETE = "hosted.contact.delete"
    SERVICES = "hosted.services.open"
    SERVICES_VIEW = "hosted.services.view"
    SERVICE_ADD = "hosted.service.add"
    SERVICE_ADD_SAVE = "hosted.service.save"
    SERVICE_REMOVE = "hosted.service.remove"
    PAYMENTS = "hosted.payments.open"
    PAYMENTS_SAVE = "hosted.payments.save"
    SETTINGS = "hosted.settings.open"
    SETTINGS_SAVE = "hosted.settings.save"
    SETTINGS_ZONE = "hosted.settings.zone"
    SETTINGS_GROUPS = "hosted.settings.groups"
