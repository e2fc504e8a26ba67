from django.contrib.admin import AdminSite

class UnfoldAdminSite(AdminSite):
    settings_name: str
