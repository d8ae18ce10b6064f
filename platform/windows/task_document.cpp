#include "platform/windows/task_document.h"

#include "platform/document.h"

namespace steward::platform {

std::string task_element(std::string_view name, std::string_view content) {
    return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">";
}

std::string time_trigger(const std::string& begin) {
    return task_element("TimeTrigger", task_element("StartBoundary", begin) + task_element("Enabled", "true"));
}

std::string task_document(const Task& task) {
    return "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">" +
           task_element("RegistrationInfo", task_element("Description", escaped_xml(task.about))) +
           task_element("Triggers", task.trigger) +
           "<Principals><Principal id=\"System\"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel>"
           "</Principal></Principals>" +
           task_element("Settings", task_element("MultipleInstancesPolicy", "IgnoreNew") +
                                        task_element("DisallowStartIfOnBatteries", "false") +
                                        task_element("StopIfGoingOnBatteries", "false") +
                                        task_element("StartWhenAvailable", task.made_up_for ? "true" : "false") +
                                        task_element("Enabled", "true")) +
           "<Actions Context=\"System\">" +
           task_element("Exec", task_element("Command", escaped_xml(task.command)) +
                                    task_element("Arguments", escaped_xml(task.arguments))) +
           "</Actions></Task>";
}

}  // namespace steward::platform
